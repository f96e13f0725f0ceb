"""The report of sources: every step against rows made by hand, its rates, costs, rows and file."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.test import Client as Browser

from orders.models import Assignment, Offer, Position
from orders.selectors import sources
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.partners import partner
from workers.models import Application, Partner, PartnerFee, SourcePolicy, Worker

DAY = timedelta(days=1)
_numbers = count(1)
LATER = NOW + 100 * DAY
DAYS = sources.last_days(150, LATER)


@pytest.fixture
def yunti(agency: Agency) -> Partner:
    return partner(name="云梯", cost_per_active=Decimal("100"))


def came(of: Partner | None, *, worker: Worker | None = None, status: str = "applied", at=NOW, **fields) -> Application:
    source = of.kind if of else "direct"
    if worker:
        fields |= {"worker": worker, "closed_at": fields.get("closed_at", at), "status": "active"}
    row = {
        "name": "林",
        "phone": f"138{next(_numbers):08d}",
        "status": status,
        "source": source,
        "partner": of,
        "created_at": at,
        "stage_at": at,
    }
    return Application.objects.create(**row | fields)


def worked(agency: Agency, days: int, *, came_in: bool = True) -> Worker:
    """Somebody whose only shift began so many days after `NOW`."""
    worker, start = agency.worker(), NOW + days * DAY
    position = Position.objects.filter(shift__order=agency.submitted(start=start)).get()
    rate = {"pay_rate": 30}
    asked = {"status": "accepted", "sent_at": NOW, "expires_at": NOW + DAY}
    offer = Offer.objects.create(position=position, worker=worker, **asked, **rate)
    times = {"start_at": start, "end_at": start + DAY / 4, "checked_in_at": start if came_in else None}
    Assignment.objects.create(
        position=position, worker=worker, offer=offer, booked_at=NOW, bill_rate=50, **times, **rate
    )
    return worker


def line(of: Partner | None, now=LATER) -> sources.Line:
    return next(each for each in sources.report(DAYS, now) if each.partner == of)


def test_each_step_counts_its_rows(agency: Agency, yunti: Partner) -> None:
    for days, came_in in ((59, True), (60, True), (89, True), (90, True), (70, False)):
        came(yunti, worker=worked(agency, days, came_in=came_in))
    came(yunti)
    came(yunti, status="rejected", reason="no_need")
    came(yunti, status="withdrawn", at=NOW - 60 * DAY)
    merged = came(None)
    came(yunti, status="merged", merged_into=merged)
    found = line(yunti)
    assert (found.applied, found.active, found.first, found.due, found.stayed) == (7, 5, 4, 5, 2)
    assert (found.active_rate, found.first_rate, found.stay_rate) == (5 / 7, 4 / 5, 2 / 5)
    for step in sources.STEPS:
        rows = sources.of_step(sources.cohort(DAYS, LATER), step).filter(partner=yunti)
        assert rows.count() == getattr(found, step)


def test_who_has_not_been_here_so_long_is_not_asked(agency: Agency, yunti: Partner) -> None:
    came(yunti, worker=agency.worker())
    assert line(yunti, NOW + 90 * DAY - timedelta(seconds=1)).due == 0
    assert line(yunti, NOW + 90 * DAY).due == 1
    SourcePolicy(stay_days=30).save()
    assert line(yunti, NOW + 30 * DAY).due == 1


def test_cost_is_what_was_agreed_and_what_was_paid(agency: Agency, yunti: Partner) -> None:
    other = partner(name="只付钱")
    for _ in range(3):
        came(yunti, worker=agency.worker())
    for of, amount in ((yunti, "50"), (other, "70")):
        PartnerFee.objects.create(partner=of, paid_on=DAYS.first, amount=Decimal(amount))
        PartnerFee.objects.create(partner=of, paid_on=DAYS.first - DAY, amount=Decimal(9))
    assert (line(yunti).cost, line(yunti).each) == (Decimal("350.00"), Decimal("116.67"))
    assert (line(other).cost, line(other).each, line(other).applied) == (Decimal("70.00"), None, 0)


def test_the_day_of_coming_decides(agency: Agency) -> None:
    start, end = DAYS.span
    for at in (start, end - timedelta(microseconds=1), start - timedelta(microseconds=1), end):
        came(None, at=at)
    assert line(None).applied == 2
    assert line(None).name == "自主报名"


def test_the_pages_show_the_same_numbers(agency: Agency, yunti: Partner) -> None:
    came(yunti, name="林晓岚")
    came(yunti, worker=agency.worker())
    browser = Browser()
    browser.force_login(agency.manager())
    period = f"first={NOW.date()}&last={NOW.date()}"
    page = browser.get(f"/sources/report/?{period}").content.decode()
    assert "云梯" in page and "50%" in page
    rows = browser.get(f"/sources/report/rows/?{period}&step=applied&source=partner&partner={yunti.pk}")
    assert rows.content.decode().count("<tr>") == 3 and "林晓岚" in rows.content.decode()
    file = browser.get(f"/sources/report/export/?{period}").getvalue().decode("utf-8-sig")
    assert file.splitlines()[1].split(",")[:4] == ["云梯", "2", "1", "0.5"]


@pytest.mark.parametrize(
    "query", ["", "step=x&source=partner", "step=first&source=x", "step=first&source=partner&partner=x"]
)
def test_rows_of_nothing_are_not_there(agency: Agency, query: str) -> None:
    browser = Browser()
    browser.force_login(agency.manager())
    assert browser.get(f"/sources/report/rows/?{query}").status_code == 404


def test_days_that_are_none_are_said(agency: Agency) -> None:
    browser = Browser()
    browser.force_login(agency.manager())
    answer = browser.get("/sources/report/?first=2026-11-30&last=2026-11-01").content.decode()
    assert "开始日期不能晚于结束日期" in answer and "2026-11-30" in answer
