"""Work from home by HTTP: what is ready before it, and the signs of life during it."""

from orders.models import (
    GateProfile,
    Heartbeat,
    Punch,
)
from orders.services import attendance, readiness
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW
from tests.fixtures.bookings import booked
from tests.orders.views.proofs.scene import HTMX, MINUTE, arrive, at, url


def test_ready_before_work_from_home(agency, person, phone):
    work = booked(agency, person, remote=True, site=None)
    with at(work.start_at):
        assert url("my-ready", work.pk) in phone.get(url("my-today")).content.decode()
        assert phone.post(url("my-ready", work.pk), {"item_1": "on"}).status_code == 422
        everything = {"item_1": "on", "item_2": "on", "item_3": "on"}
        assert phone.post(url("my-ready", work.pk), everything).url == url("my-today")
        assert url("my-pulse", work.pk) in phone.get(url("my-today")).content.decode()
    assert Punch.objects.get().method == "remote"


def test_what_is_checked_is_the_orders_own_else_the_trades(agency, person, phone, desk):
    work = booked(
        agency, person, remote=True, site=None, readiness="- 备用网络已测试\n\n工单系统已登录\n备用网络已测试"
    )
    page = url("my-ready", work.pk)
    with at(work.start_at):
        shown = phone.get(page).content.decode()
        assert "备用网络已测试" in shown and "工单系统已登录" in shown and 'name="item_3"' not in shown
        profile = {
            "name_zh": "电商",
            "name_en": "E-commerce",
            "readiness_zh": "店铺后台已登录",
            "readiness_en": "Shop open",
        }
        GateProfile.objects.create(industry=work.position.shift.order.client.industry, **profile)
        change = url("desk-checklist", work.position.shift.order_id)
        assert desk.post(change, {"readiness": "\n".join("abcdefghijk")}).status_code == 422
        assert desk.post(change, {"readiness": "x" * 81}).status_code == 422
        assert desk.post(change, {"readiness": ""}).status_code == 302
        assert "店铺后台已登录" in phone.get(page).content.decode()
        assert "Shop open" in phone.get(page, headers={"Accept-Language": "en"}).content.decode()
        phone.post(page, {"item_1": "on"})
    assert "店铺后台已登录" in Punch.objects.get().note
    assert AuditEvent.objects.filter(action="set_checklist").count() == 1


def test_the_list_belongs_to_work_from_home(work, desk):
    assert desk.get(url("desk-checklist", work.position.shift.order_id)).status_code == 404


def test_a_page_that_gets_ready_is_heard_before_the_punch(agency, person, phone):
    work = booked(agency, person, remote=True, site=None)
    pulse = url("my-pulse", work.pk)
    with at(work.start_at - 3 * 60 * MINUTE):
        assert phone.post(pulse).status_code == 204
    with at(work.start_at - 10 * MINUTE):
        assert "08:50" in phone.post(pulse).content.decode()
        assert pulse in phone.get(url("my-ready", work.pk)).content.decode()
    assert Heartbeat.objects.get().assignment == work


def test_signs_of_life_become_spans_and_gaps_are_shown_to_the_desk(agency, person, phone, desk):
    work = booked(agency, person, remote=True, site=None)
    attendance.check_in(work.pk, by=actor_of(person.user), now=work.start_at)
    for minute in (0, 1, 2, 20, 21):
        with at(work.start_at + minute * MINUTE):
            assert phone.post(url("my-pulse", work.pk)).status_code == 200
    assert Heartbeat.objects.count() == 2
    with at(work.start_at + 22 * MINUTE):
        page = desk.get(url("order-photos", work.position.shift.order_id), headers=HTMX).content.decode()
    assert "09:02–09:20" in page and "18 分" in page


def test_no_sign_of_life_is_kept_of_somebody_not_at_work(work, phone):
    assert phone.post(url("my-pulse", work.pk)).status_code == 204
    arrive(work)
    phone.post(url("my-pulse", work.pk))
    assert not Heartbeat.objects.exists()


def test_gaps_are_what_no_span_covers() -> None:
    start, end, five = NOW, NOW + 60 * MINUTE, 5 * MINUTE
    spans = [(start + MINUTE, start + 10 * MINUTE), (start + 14 * MINUTE, start + 30 * MINUTE)]
    assert readiness.gaps(spans, start, end, five) == [(start + 30 * MINUTE, end)]
    assert readiness.gaps([], start, end, five) == [(start, end)]
    assert readiness.gaps([(start, end)], start, end, five) == []
