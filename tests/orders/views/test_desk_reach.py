"""What the desk is told of a stored matching, of people it does not list, and of what a change would bring."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from orders import snapshot
from orders.matching.masks import unpack
from orders.models import MatchRun, MatchShift, MatchWeights, Position, Shift, TeamMember
from orders.services import proposing
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import proposed, url
from workers.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def crowded(agency: Agency, out: int = 70, **fields) -> Shift:
    """A proposed shift for which more people are out than an answer lists."""
    for _ in range(out):
        agency.worker(skills={agency.skill: 1})
    return proposed(agency, 2, **fields).shifts.get()


def masked(shift: Shift) -> Worker:
    """Somebody whose reasons were kept as a mask only."""
    ids, _masks = unpack(MatchShift.objects.get(shift=shift).masks)
    return Worker.objects.select_related("user").get(pk=int(ids[0]))


def test_totals_count_everybody_and_the_lists_hold_the_nearest(agency, desk):
    told = desk.get(url("desk-shift", crowded(agency).pk)).context["told"]
    assert (told.total_ranked, told.total_rejected, told.listed_rejected) == (2, 70, 60)
    assert [(gate.removed, gate.only) for gate in told.gates] == [(70, 70)]
    assert told.others == []


def test_somebody_not_listed_is_told_as_they_were_and_as_they_are(agency, desk):
    shift = crowded(agency)
    who = masked(shift)
    who.skills.update(level=3)
    answer = desk.get(url("desk-shift", shift.pk), {"q": who.user.phone})
    (one,) = answer.context["told"].others
    assert one.worker == who
    assert list(one.then.words) == ["技能：技能级别不够"]
    assert one.then.suited is False
    assert one.now.score is not None
    text = answer.content.decode()
    assert "匹配时" in text
    assert "按现在的情况" in text


def test_as_things_are_now_every_reason_has_its_figures(agency, desk):
    shift = crowded(agency)
    who = masked(shift)
    Worker.objects.filter(pk=who.pk).update(max_km=0, latitude=31.3, remote_ok=False)
    (one,) = desk.get(url("desk-shift", shift.pk), {"q": who.user.phone}).context["told"].others
    assert one.now.score is None
    assert any("1 级」，要求「2 级」" in words for words in one.now.reasons)
    assert any("公里" in words for words in one.now.reasons)


def test_somebody_who_suited_behind_the_listed_ones_is_said_to_have_suited(agency, desk):
    shift = proposed(agency, 45).shifts.get()
    told = desk.get(url("desk-shift", shift.pk)).context["told"]
    assert (told.total_ranked, told.listed_ranked) == (45, 40)
    listed = {row["worker"] for row in MatchShift.objects.get(shift=shift).ranked}
    behind = Worker.objects.select_related("user").exclude(pk__in=listed).earliest("pk")
    (one,) = desk.get(url("desk-shift", shift.pk), {"q": behind.user.phone}).context["told"].others
    assert (one.then.suited, one.then.words) == (True, ["符合条件，但未进入前 40 名。"])


def test_who_joined_later_was_not_part_of_it(agency, desk):
    shift = proposed(agency, 2).shifts.get()
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        late = agency.worker()
        (one,) = desk.get(url("desk-shift", shift.pk), {"q": late.user.phone}).context["told"].others
    assert (one.then.suited, one.then.words) == (None, ["未参与那次匹配。"])
    assert one.now.score is not None


def test_reasons_no_longer_kept_are_said_to_be_gone(agency, desk):
    shift = crowded(agency)
    who = masked(shift)
    MatchShift.objects.update(masks=b"")
    (one,) = desk.get(url("desk-shift", shift.pk), {"q": who.user.phone}).context["told"].others
    assert one.then.words == ["那次匹配中其他人的理由已过保存期。"]


def test_an_answer_from_before_totals_were_kept_still_lists_everybody(agency, desk):
    agency.worker(skills={agency.skill: 1})
    shift = proposed(agency, 2).shifts.get()
    MatchShift.objects.update(ranked_total=0, rejected_total=0, gates=[], masks=b"")
    told = desk.get(url("desk-shift", shift.pk)).context["told"]
    assert (told.total_ranked, told.total_rejected, told.brief) == (2, 1, False)
    assert [gate.name for gate in told.gates] == ["技能"]


def test_looking_somebody_up_costs_the_same_for_one_and_for_many(agency, desk):
    shift = crowded(agency, 75)

    def cost(text: str) -> int:
        with CaptureQueriesContext(connection) as context:
            assert desk.get(url("desk-shift", shift.pk), {"q": text}).context["told"].others
        return len(context.captured_queries)

    ids, _masks = unpack(MatchShift.objects.get(shift=shift).masks)
    User.objects.filter(worker__in=ids.tolist()).update(name="许未列")
    assert len(ids) > 10
    cost("许未列")
    assert cost("许未列") == cost(masked(shift).user.phone)


def test_the_exchange_tells_how_somebody_stands_now(agency, desk):
    shift = crowded(agency)
    place = Position.objects.get(shift=shift)
    who = masked(shift)
    (one,) = desk.get(url("desk-exchange", place.pk), {"q": who.user.phone}).context["people"]
    assert list(one.then.words) == ["技能：技能级别不够"]
    assert one.now.reasons == ["技能「在线客服 1 级」，要求「2 级」"]


def test_the_fixed_team_goes_first_in_spite_of_its_points(agency, desk):
    company = agency.client()
    plain, member = agency.worker(stars=Decimal("5.0")), agency.worker(stars=Decimal("1.5"))
    TeamMember.objects.create(client=company, worker=member, created_at=NOW)
    order = agency.submitted(company)
    proposing.propose_order(order.pk, NOW)
    (board,) = desk.get(url("desk-order", order.pk)).context["boards"]
    assert board.page[0].position.proposed_worker == member
    assert board.page[0].choice.lead.startswith("固定班底优先；得分比下一位低 ")
    assert plain.pk in {row["worker"] for row in MatchShift.objects.get().ranked}


def test_the_lead_is_over_somebody_without_a_place_of_the_shift(agency, desk):
    for stars in ("5.0", "4.0", "2.0"):
        agency.worker(stars=Decimal(stars))
    order = agency.submitted(headcount=2)
    proposing.propose_order(order.pk, NOW)
    (board,) = desk.get(url("desk-order", order.pk)).context["boards"]
    scores = [row["score"] for row in MatchShift.objects.get().ranked]
    leads = [place.choice.lead for place in board.page.object_list]
    assert leads[0].startswith(f"比下一位高 {scores[0] - scores[2]} 分：星级 +")
    assert leads[1].startswith(f"比下一位高 {scores[1] - scores[2]} 分：星级 +")


def test_a_place_held_for_a_novice_says_so(agency, desk):
    order = proposed(agency, 2)
    Position.objects.update(novice=True)
    (board,) = desk.get(url("desk-order", order.pk)).context["boards"]
    assert board.page[0].choice.lead.startswith("此名额留给新人；")


def test_how_the_run_went_stands_on_the_orders_page(agency, desk, client):
    order = proposed(agency)
    weights = MatchWeights.objects.create(version="3", values={}, created_at=NOW)
    MatchRun.objects.update(weights_version="3", gap=0.000191, method="search", stopped=True, fallback=True)
    text = desk.get(url("desk-order", order.pk)).content.decode()
    for words in ("订单提交后匹配", "最多还能好 0.02%", "到时限：采用已有最好方案", "直接查询数据库"):
        assert words in text
    link = f"/orders/matchweights/{weights.pk}/change/"
    assert link not in text
    client.force_login(agency.manager())
    assert link in client.get(url("desk-order", order.pk)).content.decode()


def test_a_batch_that_answered_for_the_order_is_its_latest_run(agency, desk):
    order = proposed(agency)
    kept = MatchShift.objects.get()
    run = kept.run
    run.pk, run.order, run.cause, run.positions = None, None, "batch", 12
    run.save()
    kept.pk, kept.run, kept.gates, kept.ranked_total, kept.rejected_total, kept.masks = None, run, [], 0, 0, b""
    kept.save()
    answer = desk.get(url("desk-order", order.pk))
    assert (answer.context["run"].cause, answer.context["run"].together) == ("统一优化", 12)
    told = desk.get(url("desk-shift", kept.shift_id)).context["told"]
    assert told.brief


def test_what_if_counts_now_and_every_change(agency, desk):
    shift = crowded(agency, 5)
    answer = desk.get(url("desk-what-if", shift.pk))
    told = answer.context["told"]
    assert (told.eligible, told.placed, told.pool_size) == (1, 1, 7)
    assert [(bar.words, bar.removed, bar.only) for bar in told.bars] == [("技能", 5, 5)]
    assert (told.steps[0].more, {step.words for step in told.steps[:2]}) == (
        5,
        {"技能「在线客服」降为「1 级」", "不要求技能「在线客服」"},
    )
    assert "改为远程" in told.nothing
    assert "<!doctype html>" in answer.content.decode()
    part = desk.get(url("desk-what-if", shift.pk), headers={"HX-Request": "true"}).content.decode()
    assert part.startswith(f'<div id="what-if-{shift.pk}"')


def test_what_if_in_english(agency, desk):
    shift = crowded(agency, 5)
    text = desk.get(url("desk-what-if", shift.pk), headers={"Accept-Language": "en"}).content.decode()
    assert "Skill &#x27;Online chat&#x27; from level 1" in text
    assert "+5 people" in text


def test_what_if_says_when_it_cannot_tell(agency, desk, monkeypatch):
    shift = crowded(agency, 1)
    monkeypatch.setattr(snapshot, "available", lambda now: None)
    answer = desk.get(url("desk-what-if", shift.pk))
    assert answer.status_code == 200
    assert "人员索引暂时不可用" in answer.content.decode()


def test_what_if_of_a_shift_that_is_over_says_so(agency, desk):
    shift = crowded(agency, 1)
    with time_machine.travel(shift.end_at, tick=False):
        assert "班次已结束" in desk.get(url("desk-what-if", shift.pk)).content.decode()


def test_a_drafts_shift_has_no_what_if(agency, desk):
    assert desk.get(url("desk-what-if", agency.draft().shifts.get().pk)).status_code == 404
