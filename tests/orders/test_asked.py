"""An order that is not written yet: whom it would reach, and what each requirement costs in people."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders import asked, pool, snapshot, whatif
from orders.asked import Asked
from orders.matching import LatLng
from orders.models import Client, DoNotSend, TeamMember
from orders.services.ordering import ShiftSpec
from tests.fixtures.agency import HERE, NOW, Agency
from workers.models import CertificateType, WorkerCertificate

pytestmark = pytest.mark.django_db
START = NOW + timedelta(days=1)
SHIFT = ShiftSpec(START, START + timedelta(hours=8), 2)


def asking(company: Client, **fields: Any) -> Asked:
    defaults: dict[str, Any] = {
        "client": company,
        "city": "shanghai",
        "remote": False,
        "site": LatLng(*HERE),
        "shifts": [SHIFT],
        "skills": {},
        "languages": {},
        "certificates": frozenset(),
        "courses": frozenset(),
        "min_stars": None,
        "clearance": 0,
    }
    return Asked(**(defaults | fields))


def found(company: Client, **fields: Any) -> asked.Found:
    told = asked.found(asking(company, **fields), NOW)
    assert told is not None
    return told


def test_it_asks_for_the_same_as_the_order_will(agency: Agency) -> None:
    company = agency.client()
    TeamMember.objects.create(client=company, worker=agency.worker(), created_at=NOW)
    DoNotSend.objects.create(client=company, worker=agency.worker(), reason="x", created_at=NOW)
    order = agency.draft(
        company, shifts=[SHIFT], min_stars=Decimal("4.0"), clearance=1, languages={agency.language.pk: 3}
    )
    (written,) = pool.needs_of(order, list(order.shifts.all()))
    (need,) = asked.needs_of(
        asking(company, skills={"chat": 2}, languages={"mandarin": 3}, min_stars=Decimal("4.0"), clearance=1), NOW
    )
    assert replace(need, shift_id=written.shift_id, order_id=written.order_id) == written


def test_every_requirement_tells_whom_it_keeps_away(agency: Agency) -> None:
    company = agency.client()
    health = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health")
    whole = agency.worker(skills={agency.skill: 3})
    WorkerCertificate.objects.create(worker=whole, type=health, verified_on=NOW)
    agency.worker(skills={agency.skill: 3})
    weak = agency.worker(skills={agency.skill: 1}, stars=Decimal("3.0"))
    WorkerCertificate.objects.create(worker=weak, type=health, verified_on=NOW)
    agency.worker(skills={}, windows=())
    tight = found(company, skills={"chat": 2}, certificates=frozenset({"health"}), min_stars=Decimal("4.0")).tight
    assert (tight.eligible, tight.free) == (1, 3)
    kept_away = {one.kind: (one.removed, one.only) for one in tight.keeps}
    assert kept_away == {"skill": (1, 0), "certificate": (1, 1), "stars": (1, 0)}
    best = tight.gains[0]
    assert (best.change.code, best.more) == ("certificate_drop", 1)


def test_who_only_lacks_the_time_is_counted_apart(agency: Agency) -> None:
    agency.worker()
    agency.worker(windows=())
    tight = found(agency.client(), skills={"chat": 2}).tight
    assert (tight.eligible, tight.busy) == (1, 1)


def test_the_tightest_shift_is_the_one_told_about(agency: Agency) -> None:
    agency.worker()
    later = ShiftSpec(START + timedelta(days=1), START + timedelta(days=1, hours=4), 9)
    told = found(agency.client(), shifts=[SHIFT, later])
    assert [count for _shift, count in told.shifts] == [1, 1]
    assert told.tight.shift == later


def test_shifts_that_have_begun_do_not_count(agency: Agency) -> None:
    begun = ShiftSpec(NOW - timedelta(hours=1), NOW + timedelta(hours=3), 1)
    company = agency.client()
    assert asked.found(asking(company, shifts=[begun]), NOW) is None
    assert len(found(company, shifts=[begun, SHIFT]).shifts) == 1


def test_nobody_at_all_is_no_error(agency: Agency) -> None:
    tight = found(agency.client(), skills={"chat": 5}).tight
    assert (tight.eligible, tight.free) == (0, 0)


def test_without_the_columns_it_says_so(agency: Agency, monkeypatch) -> None:
    monkeypatch.setattr(snapshot, "available", lambda _now: None)
    with pytest.raises(whatif.Unavailable):
        asked.found(asking(agency.client()), NOW)
