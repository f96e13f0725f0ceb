"""What was learned about a client goes into every order from then on, and can be taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.models import BenchShift, Client, ClientGate, OrderSkill
from orders.services import bench, lessons
from staffing.core.actors import actor_of
from staffing.core.errors import Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW

Kind = ClientGate.Kind


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


def learn(company, kind, ref, level, desk):
    return lessons.tighten(company, kind, ref, level, reason="C00001", by=desk, now=NOW)


def test_new_orders_ask_for_what_was_learned_and_older_ones_do_not(agency, desk):
    company = agency.client()
    before = agency.submitted(company)
    learn(company, Kind.SKILL, agency.skill.pk, 4, desk)
    learn(company, Kind.STARS, 0, 35, desk)
    after = agency.submitted(company)
    assert OrderSkill.objects.get(order=after, skill=agency.skill).min_level == 4
    assert (before.min_stars, after.min_stars) == (None, Decimal("3.5"))
    assert agency.submitted(agency.client()).min_stars is None


def test_a_lesson_only_ever_tightens(agency, desk):
    company = agency.client()
    learn(company, Kind.LANGUAGE, agency.language.pk, 3, desk)
    for level in (2, 3, 0, 6, 7):
        with pytest.raises(Invalid):
            learn(company, Kind.LANGUAGE, agency.language.pk, level, desk)
    row, before = learn(company, Kind.LANGUAGE, agency.language.pk, 4, desk)
    assert (row.level, before) == (4, 3)


def test_taking_it_back_restores_what_was_before_unless_somebody_changed_it(agency, desk):
    company, skill = agency.client(), agency.skill.pk
    learn(company, Kind.SKILL, skill, 2, desk)
    learn(company, Kind.SKILL, skill, 4, desk)
    assert lessons.loosen(company, Kind.SKILL, skill, 4, 2, by=desk, now=NOW)
    assert lessons.asked_of(company).skills == {skill: 2}
    assert not lessons.loosen(company, Kind.SKILL, skill, 4, 2, by=desk, now=NOW)
    assert lessons.loosen(company, Kind.SKILL, skill, 2, None, by=desk, now=NOW)
    assert not ClientGate.objects.exists()
    assert AuditEvent.objects.filter(subject_type="client", action__in=("tighten", "loosen")).count() == 4


def test_so_many_more_stand_by_for_each_shift_of_the_client(agency, desk):
    company = agency.client()
    order = agency.submitted(company, headcount=2)
    day = (NOW + timedelta(days=1)).date()
    for place in order.shifts.get().positions.all():
        place.status = "filled"
        place.save()
    assert lessons.set_backups(company, 3, by=desk, now=NOW) == 0
    company.refresh_from_db()
    assert company.backups == 3
    bench.plan(agency.city.pk, day, NOW)
    with_three = BenchShift.objects.get().wanted
    lessons.set_backups(company, 0, by=desk, now=NOW)
    bench.plan(agency.city.pk, day, NOW)
    assert with_three - BenchShift.objects.get().wanted == 3
    with pytest.raises(Invalid):
        lessons.set_backups(Client.objects.get(), 21, by=desk, now=NOW)
