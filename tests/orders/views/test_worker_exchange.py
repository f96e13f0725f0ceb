"""Open shifts, swaps, strikes and limits on the phone, and the dispatcher's word on them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders import openings
from orders.models import Appeal, Assignment, OrderPolicy, Position, ShiftClaim, SwapRequest, SwapRule
from orders.services import appeals, attendance, offers, swaps
from orders.states import AppealStatus, AssignmentStatus, PositionStatus, SwapStatus
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, desk, hours, minutes, offering, status_of
from tests.orders.services.test_open_shifts import empty_place
from workers.models import Worker

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def phone(worker: Worker) -> Browser:
    browser = Browser()
    browser.force_login(worker.user)
    return browser


def office(agency: Agency) -> Browser:
    browser = Browser()
    who = desk(agency).user
    assert who is not None
    browser.force_login(who)
    return browser


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"orders:{name}", args=args)


def words(answer) -> str:
    return answer.content.decode()


def few(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len([each for each in asked if "core_democlock" not in each["sql"]])


def test_only_what_one_may_take_is_listed(agency: Agency) -> None:
    place = empty_place(agency, title="夜间客服")
    fits, not_skilled, refused = agency.worker(), agency.worker(skills={}), place.offers.get().worker
    assert "夜间客服" in words(phone(fits).get(url("my-open")))
    for other in (not_skilled, refused):
        page = words(phone(other).get(url("my-open")))
        assert "夜间客服" not in page
        assert "现在没有您能选的班次" in page


def test_a_listed_shift_says_what_it_pays_and_why(agency: Agency) -> None:
    empty_place(agency)
    page = words(phone(agency.worker()).get(url("my-open")))
    assert "¥28.00/小时" in page
    assert "预计 ¥224.00" in page
    assert "匹配 " in page
    assert "还缺 1 人" in page


def test_pages_ask_little_whatever_they_show(agency: Agency) -> None:
    worker, browser = agency.worker(), None
    empty_place(agency, start=NOW + timedelta(days=1))
    browser = phone(worker)
    addresses = [url("my-open"), url("my-limits"), url("my-figures"), url("my-month"), url("my-schedule")]
    one = {address: few(browser, address) for address in addresses}
    empty_place(agency, start=NOW + timedelta(days=2))
    empty_place(agency, start=NOW + timedelta(days=2, hours=9))
    three = {address: few(browser, address) for address in addresses}
    assert three == one
    assert {address: n for address, n in one.items() if n > MOST_QUERIES} == {}


def test_a_claim_leads_to_the_shift_which_can_be_given_back(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    browser, seal = phone(worker), openings.seal(worker.pk, place.shift_id)
    for _ in range(2):
        answer = browser.post(url("my-claim", place.shift_id), {"seal": seal})
    work = Assignment.objects.get()
    assert answer.headers["Location"] == url("my-shift", work.pk)
    assert "抢错了，撤回" in words(browser.get(url("my-shift", work.pk)))
    for _ in range(2):
        browser.post(url("my-undo", work.pk))
    assert status_of(work) == AssignmentStatus.RELEASED
    with time_machine.travel(NOW + minutes(6), tick=False):
        assert "抢错了，撤回" not in words(browser.get(url("my-shift", work.pk)))


def test_who_comes_too_late_is_told_kindly(agency: Agency) -> None:
    place, quick, slow = empty_place(agency), agency.worker(), agency.worker()
    browser, seal = phone(slow), openings.seal(slow.pk, place.shift_id)
    phone(quick).post(url("my-claim", place.shift_id), {"seal": openings.seal(quick.pk, place.shift_id)})
    answer = browser.post(url("my-claim", place.shift_id), {"seal": seal}, follow=True)
    assert "已被他人接走" in words(answer)


def test_what_was_not_shown_cannot_be_claimed(agency: Agency) -> None:
    place, worker, other = empty_place(agency), agency.worker(), agency.worker()
    for seal in ("", openings.seal(other.pk, place.shift_id), openings.seal(worker.pk, place.shift_id + 1)):
        assert phone(worker).post(url("my-claim", place.shift_id), {"seal": seal}).status_code == 404
    assert not ShiftClaim.objects.exists()


@pytest.mark.parametrize("rule", [SwapRule.AUTO, SwapRule.DISPATCHER])
def test_a_swap_from_asking_to_having(agency: Agency, rule: str) -> None:
    agency.worker()
    policy = OrderPolicy.current()
    policy.swap_rule = rule
    policy.save()
    (work,) = booked(agency)
    taker = agency.worker()
    owner, other = phone(work.worker), phone(taker)
    assert "所有合适的同事" in words(owner.get(url("my-swap", work.pk)))
    owner.post(url("my-swap", work.pk), {"only": str(taker.pk), "note": "家里有事"})
    swap = SwapRequest.objects.get()
    assert (swap.only, swap.note) == (taker, "家里有事")
    assert "家里有事" in words(other.get(url("my-open") + "?kind=swaps"))
    assert "我来接手" in words(other.get(url("my-swap-request", swap.pk)))
    answer = other.post(url("my-swap-take", swap.pk), follow=True)
    assert answer.status_code == 200
    if rule == SwapRule.DISPATCHER:
        assert work.worker.user.name in words(office(agency).get(url("desk-swaps")))
        office(agency).post(url("desk-swap-decide", swap.pk), {f"swap{swap.pk}-verdict": "yes"})
    assert status_of(swap) == SwapStatus.DONE
    assert "查看我的班次" in words(other.get(url("my-swap-request", swap.pk)))
    assert "由同事接手" in words(owner.get(url("my-swap", work.pk)))


def test_only_people_who_suit_can_be_named(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    stranger = agency.worker(skills={})
    answer = phone(work.worker).post(url("my-swap", work.pk), {"only": str(stranger.pk)})
    assert answer.status_code == 422
    assert not SwapRequest.objects.exists()


def test_a_refusal_without_a_reason_keeps_the_page(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    swap, taker = swaps.ask(work.pk, by=actor_of(work.worker.user), now=NOW), agency.worker()
    swaps.take(swap.pk, by=actor_of(taker.user), now=NOW)
    browser, name = office(agency), f"swap{swap.pk}"
    answer = browser.post(url("desk-swap-decide", swap.pk), {f"{name}-verdict": "no"})
    assert answer.status_code == 422
    assert "请填写理由" in words(answer)
    browser.post(url("desk-swap-decide", swap.pk), {f"{name}-verdict": "no", f"{name}-reason": "客户指定"})
    assert status_of(swap) == SwapStatus.REFUSED


def test_what_speaks_against_an_approval_is_told_in_words(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    swap, taker = swaps.ask(work.pk, by=actor_of(work.worker.user), now=NOW), agency.worker()
    swaps.take(swap.pk, by=actor_of(taker.user), now=NOW)
    Worker.objects.filter(pk=taker.pk).update(status=Worker.Status.SUSPENDED)
    answer = office(agency).post(url("desk-swap-decide", swap.pk), {f"swap{swap.pk}-verdict": "yes"})
    assert answer.status_code == 422
    assert status_of(swap) == SwapStatus.TAKEN


def test_anothers_swap_is_nobodys_business(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    friend, other = agency.worker(), agency.worker()
    swap = swaps.ask(work.pk, by=actor_of(work.worker.user), now=NOW, only=friend)
    for name in ("my-swap-request", "my-swap-take", "my-swap-back-out", "my-swap-withdraw"):
        browser = phone(other)
        ask = browser.get if name == "my-swap-request" else browser.post
        assert ask(url(name, swap.pk)).status_code == 404
    assert phone(other).get(url("my-swap", work.pk)).status_code == 404


def test_a_swap_for_everybody_is_for_those_who_may_take_it(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    listed, told, stranger = agency.worker(), agency.worker(), agency.worker(skills={})
    swap = swaps.ask(work.pk, by=actor_of(work.worker.user), now=NOW, note="家里有事")
    page, take = url("my-swap-request", swap.pk), url("my-swap-take", swap.pk)
    for other in (listed, stranger):
        seal = openings.swap_seal(told.pk, swap.pk)
        assert phone(other).get(f"{page}?seal={seal}").status_code == 404
        assert phone(other).post(take, {"seal": seal}).status_code == 404
    seal = openings.swap_seal(listed.pk, swap.pk)
    assert f"{page}?seal={seal}" in words(phone(listed).get(url("my-open") + "?kind=swaps"))
    assert seal in words(phone(listed).get(f"{page}?seal={seal}"))
    assert few(phone(listed), f"{page}?seal={seal}") <= MOST_QUERIES
    drain(NOW)
    assert phone(told).get(page).status_code == 200
    assert phone(stranger).get(page).status_code == 404
    Worker.objects.filter(pk=listed.pk).update(status=Worker.Status.SUSPENDED)
    answer = phone(listed).post(take, {"seal": seal}, follow=True)
    assert answer.redirect_chain == [(url("my-open") + "?kind=swaps", 302)]
    assert status_of(swap) == SwapStatus.OPEN
    swaps.take(swap.pk, by=actor_of(told.user), now=NOW)
    late = agency.worker()
    seal = openings.swap_seal(late.pk, swap.pk)
    assert "已有同事接手" in words(phone(late).post(take, {"seal": seal}, follow=True))
    assert "这个换班已经结束" in words(phone(late).get(f"{page}?seal={seal}"))


def test_what_an_accepted_appeal_changes_is_said(agency: Agency) -> None:
    work = missed(agency)
    me, then = actor_of(work.worker.user), work.start_at + hours(2)
    appeal = appeals.file(work.pk, by=me, now=then, text="我到了")
    with time_machine.travel(then, tick=False):
        assert "请员工申请补卡" in words(office(agency).get(url("desk-appeals")))
        appeals.decide(appeal.pk, accept=True, by=desk(agency), now=then, reason="监控可见")
        page = words(phone(work.worker).get(url("my-figures")))
        assert "违约已撤销" in page and url("my-missed", work.pk) in page


def missed(agency: Agency) -> Assignment:
    agency.worker()
    (work,) = booked(agency)
    attendance.declare_absent(work.pk, work.start_at + minutes(30))
    work.refresh_from_db()
    return work


def test_a_strike_is_shown_with_its_shift_and_can_be_appealed(agency: Agency) -> None:
    work = missed(agency)
    browser = phone(work.worker)
    with time_machine.travel(work.start_at + hours(2), tick=False):
        assert "计入" in words(browser.get(url("my-figures")))
        assert browser.post(url("my-appeal", work.pk), {"text": ""}).status_code == 422
        for _ in range(2):
            browser.post(url("my-appeal", work.pk), {"text": "我到了，定位不准"})
        appeal = Appeal.objects.get()
        page = words(browser.get(url("my-figures")))
        assert "不计入" in page
        assert "我到了，定位不准" in page
        boss = office(agency)
        assert "我到了，定位不准" in words(boss.get(url("desk-appeals")))
        name = f"appeal{appeal.pk}"
        assert boss.post(url("desk-appeal-decide", appeal.pk), {f"{name}-verdict": "yes"}).status_code == 422
        boss.post(url("desk-appeal-decide", appeal.pk), {f"{name}-verdict": "yes", f"{name}-reason": "监控可见"})
        assert status_of(appeal) == AppealStatus.ACCEPTED
        assert "监控可见" in words(browser.get(url("my-figures")))


def test_what_is_no_strike_cannot_be_appealed(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    assert phone(work.worker).get(url("my-appeal", work.pk)).status_code == 404


def test_a_dispatcher_does_not_decide_the_second_appeal(agency: Agency) -> None:
    work = missed(agency)
    me, boss, then = actor_of(work.worker.user), desk(agency), work.start_at + hours(2)
    first = appeals.file(work.pk, by=me, now=then, text="一")
    appeals.decide(first.pk, accept=False, by=boss, now=then, reason="否")
    again = appeals.file(work.pk, by=me, now=then, text="二")
    browser, name = office(agency), f"appeal{again.pk}"
    assert "第二次申诉由经理决定" in words(browser.get(url("desk-appeals")))
    answer = browser.post(url("desk-appeal-decide", again.pk), {f"{name}-verdict": "yes", f"{name}-reason": "好"})
    assert answer.status_code == 422
    assert status_of(again) == AppealStatus.OPEN


def test_each_limit_is_counted_where_it_alone_is_in_the_way(agency: Agency) -> None:
    empty_place(agency)
    never = agency.worker(windows=())
    page = words(phone(never).get(url("my-limits")))
    assert "可用时间" in page
    assert "1 个班次" in page
    assert "没有班次只因为您的限制而错过" in words(phone(agency.worker()).get(url("my-limits")))


def test_the_month_shows_what_is_booked_and_asked(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    browser = phone(work.worker)
    page = words(browser.get(url("my-month")))
    assert page.count("dot-booked") == 2
    offering(agency, start=NOW + timedelta(days=3))
    assert words(browser.get(url("my-month"))).count("dot-offer") == 2
    assert "待答复" in words(browser.get(url("my-schedule")))
    empty = words(browser.get(url("my-month") + "?month=2027-03-01"))
    assert "这个月还没有班次" in empty
    assert browser.get(url("my-month") + "?month=x").status_code == 200


def test_one_tap_declines_with_its_reason(agency: Agency) -> None:
    worker = agency.worker()
    offering(agency)
    offer = worker.offers.get()
    phone(worker).post(url("my-offer-decline", offer.pk), {"quick": "client"})
    offer.refresh_from_db()
    assert offer.reason == "不想去这个客户"
    assert Position.objects.get().status == PositionStatus.OPEN
    assert offers.asked(Position.objects.get()).count() == 0
