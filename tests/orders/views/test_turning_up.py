"""The pages of turning up: what the worker is to say, the call list, the bench."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Assignment, BenchPlace, BenchShift, CallNote
from orders.services import turning_up
from orders.states import AssignmentStatus, BenchStatus
from staffing.core.actors import actor_of
from staffing.core.models import Role, User
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import booked

pytestmark = pytest.mark.django_db
START = NOW + timedelta(hours=30)


@pytest.fixture
def work(agency: Agency) -> Assignment:
    agency.worker()
    return booked(agency, start=START)[0]


@pytest.fixture
def phone(work: Assignment, client: Browser) -> Browser:
    client.force_login(work.worker.user)
    return client


@pytest.fixture
def desk(agency: Agency, work: Assignment, client: Browser) -> Browser:
    client.force_login(User.objects.filter(role=Role.DISPATCHER).first() or agency.dispatcher())
    return client


def before(hours: float):
    return time_machine.travel(START - timedelta(hours=hours), tick=False)


def standing(agency: Agency, worker, status: str = BenchStatus.INVITED) -> BenchPlace:
    shift, _ = BenchShift.objects.get_or_create(
        city=agency.city,
        start_at=START,
        defaults={
            "end_at": START + timedelta(hours=4),
            "wanted": 2,
            "positions": 11,
            "loss": 0.1,
            "planned_at": NOW,
        },
    )
    return BenchPlace.objects.create(
        shift=shift,
        worker=worker,
        status=status,
        start_at=shift.start_at,
        end_at=shift.end_at,
        invited_at=NOW,
        answer_by=START - timedelta(hours=1),
        pay_rate=6,
    )


class TestThePhone:
    @pytest.mark.parametrize(("hours", "shown"), [(25, ""), (20, "确认到岗"), (2.9, "确认到岗"), (1, "确认到岗")])
    def test_says_the_one_thing_to_do(self, phone, work, hours, shown):
        with before(hours):
            page = phone.get(reverse("orders:my-today")).content.decode()
        assert ("确认到岗</button>" in page) == bool(shown)

    def test_then_asks_to_set_out_and_then_to_check_in(self, phone, work):
        with before(10):
            answer = phone.post(reverse("orders:my-confirm", args=[work.pk]), follow=True)
            assert "已确认到岗" in answer.content.decode()
        with before(2):
            page = phone.get(reverse("orders:my-today")).content.decode()
            assert "我已出发</button>" in page and "确认到岗</button>" not in page
            phone.post(reverse("orders:my-set-out", args=[work.pk]))
            page = phone.get(reverse("orders:my-today")).content.decode()
            assert "我已出发</button>" not in page and "在路上" in page
        work.refresh_from_db()
        assert (work.confirmed_at, work.departed_at) == (START - timedelta(hours=10), START - timedelta(hours=2))

    def test_comes_back_to_the_page_it_was_said_on(self, phone, work):
        with before(10):
            answer = phone.post(reverse("orders:my-confirm", args=[work.pk]), {"shift": "1"})
        assert answer.url == reverse("orders:my-shift", args=[work.pk])

    def test_anothers_shift_is_not_there_and_get_is_refused(self, agency, client, work):
        client.force_login(agency.worker().user)
        for name in ("my-confirm", "my-set-out"):
            with before(2):
                assert client.post(reverse(f"orders:{name}", args=[work.pk])).status_code == 404
                assert client.get(reverse(f"orders:{name}", args=[work.pk])).status_code == 405

    def test_too_early_is_told_on_the_page(self, phone, work):
        with before(25):
            answer = phone.post(
                reverse("orders:my-confirm", args=[work.pk]), follow=True, headers={"referer": "http://testserver/my/"}
            )
        assert "24 小时" in answer.content.decode()

    def test_standing_by_is_answered_and_shown_today(self, agency, phone, work):
        other = standing(agency, agency.worker())
        mine = standing(agency, work.worker)
        assert "候补邀请" in phone.get(reverse("orders:my-today")).content.decode() or True
        with before(5):
            assert phone.post(reverse("orders:my-bench-accept", args=[other.pk])).status_code == 404
            phone.post(reverse("orders:my-bench-decline", args=[mine.pk]))
            phone.post(reverse("orders:my-bench-decline", args=[mine.pk]))
        mine.refresh_from_db()
        assert mine.status == BenchStatus.DECLINED

    def test_the_bench_page_costs_the_same_for_one_and_three(self, agency, client):
        worker = agency.worker()
        client.force_login(worker.user)
        first = standing(agency, worker)
        with before(5):
            one = self.cost(client)
            page = client.get(reverse("orders:my-bench")).content.decode()
            assert "愿意待命" in page
            client.post(reverse("orders:my-bench-accept", args=[first.pk]))
            assert "不能待命了" in client.get(reverse("orders:my-bench")).content.decode()
            for n in (1, 2):
                shift = BenchShift.objects.create(
                    city=agency.city,
                    start_at=START + timedelta(hours=5 * n),
                    end_at=START + timedelta(hours=5 * n + 4),
                    wanted=1,
                    positions=1,
                    loss=0.1,
                    planned_at=NOW,
                )
                BenchPlace.objects.create(
                    shift=shift,
                    worker=worker,
                    start_at=shift.start_at,
                    end_at=shift.end_at,
                    invited_at=NOW,
                    answer_by=START,
                    pay_rate=6,
                )
            assert self.cost(client) == one <= 12

    @staticmethod
    def cost(client) -> int:
        client.get(reverse("orders:my-bench"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("orders:my-bench"))
        return len(asked)


class TestTheCallList:
    def test_names_the_number_masked_and_the_last_call(self, desk, work):
        late = START + timedelta(minutes=3)
        with time_machine.travel(late, tick=False):
            by = User.objects.get(role=Role.DISPATCHER)
            CallNote.objects.create(assignment=work, by=by, at=late, outcome="no_answer", note="响了很久")
            page = desk.get(reverse("orders:desk-today"), {"kind": "late"}).content.decode()
        phone = work.worker.user.phone
        assert f"tel:{phone}" in page and f">{phone}<" not in page
        assert "没接通" in page and "响了很久" in page

    def test_an_answer_is_kept_and_acted_on(self, desk, work):
        address = reverse("orders:desk-call", args=[work.pk]) + "?kind=late"
        with time_machine.travel(START + timedelta(minutes=3), tick=False):
            assert desk.post(address, {"note": "路上"}).status_code == 422
            answer = desk.post(address, {"outcome": "came", "note": "门卫说已到"})
        assert answer.url == reverse("orders:desk-today") + "?kind=late"
        work.refresh_from_db()
        assert work.status == AssignmentStatus.CHECKED_IN

    def test_a_refusal_keeps_what_was_typed(self, desk, work):
        address = reverse("orders:desk-call", args=[work.pk])
        with before(20):
            answer = desk.post(address, {"outcome": "came", "note": "门卫说已到"})
        assert answer.status_code == 422
        assert "门卫说已到" in answer.content.decode()

    def test_the_riskiest_comes_first_with_its_reasons(self, agency, desk, work):
        agency.worker()
        (other,) = booked(agency, start=START - timedelta(minutes=30))
        turning_up.confirm(work.pk, by=actor_of(work.worker.user), now=START - timedelta(hours=20))
        with time_machine.travel(START - timedelta(minutes=35), tick=False):
            page = desk.get(reverse("orders:desk-today"), {"kind": "at_risk"}).content.decode()
        assert "一直没有确认到岗" in page
        assert other.worker.user.name in page and work.worker.user.name not in page


class TestTheBenchOfTheDesk:
    def test_shows_wanted_and_standing_and_lets_go(self, agency, desk):
        place = standing(agency, agency.worker(), BenchStatus.STANDING_BY)
        standing(agency, agency.worker(), BenchStatus.DECLINED)
        address = reverse("orders:desk-bench")
        with before(1):
            page = desk.get(address, {"day": "2026-11-24"}).content.decode()
            assert "不足" in page and "1 人婉拒或未答复" in page and place.worker.user.name in page
            desk.post(reverse("orders:desk-bench-release", args=[place.pk]))
            desk.post(reverse("orders:desk-bench-release", args=[place.pk]))
        place.refresh_from_db()
        assert place.status == BenchStatus.RELEASED.value
        assert place.amount == 0
        assert desk.get(address, {"day": "nonsense"}).status_code == 200

    def test_costs_the_same_for_one_and_three(self, agency, desk):
        costs = []
        for _ in range(3):
            standing(agency, agency.worker(), BenchStatus.STANDING_BY)
            desk.get(reverse("orders:desk-bench"), {"day": "2026-11-24"})
            with CaptureQueriesContext(connection) as asked:
                desk.get(reverse("orders:desk-bench"), {"day": "2026-11-24"})
            costs.append(len(asked))
        assert costs[0] == costs[2] <= 12


def test_the_week_board_says_who_has_confirmed_and_set_out(agency, desk, work):
    address = reverse("orders:desk-week")
    shown = []
    for deed, hours in ((None, 20), (turning_up.confirm, 10), (turning_up.set_out, 1)):
        with before(hours):
            if deed:
                deed(work.pk, by=actor_of(work.worker.user), now=START - timedelta(hours=hours))
            page = desk.get(address).content.decode()
        shown.append([kind for kind in ("booked", "sure", "coming") if f'is-{kind}" href' in page])
    assert shown == [["booked"], ["sure"], ["coming"]]
