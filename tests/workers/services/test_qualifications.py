"""Levels are written down once, with who looked at them; matching reads them at once."""

from datetime import timedelta
from typing import Any

import pytest

from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from workers.models import Language, Skill, Worker, WorkerLanguage, WorkerSkill
from workers.models.people import Attested
from workers.services import qualifications

pytestmark = pytest.mark.django_db
Source = Attested.Source
TODAY = NOW.date()


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker(skills={})


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


@pytest.fixture
def typing(agency: Agency) -> Skill:
    grades = [{"zh": f"{wpm} 字/分", "en": f"{wpm} wpm", "from": wpm} for wpm in (30, 50, 80)]
    return Skill.objects.create(code="typing", name_zh="打字", name_en="Typing", kind="typing", grades=grades)


def graded(worker: Worker, skill: Skill, desk: Actor, level: int = 2, **changes: Any) -> WorkerSkill:
    values: dict[str, Any] = {"verified_by": desk.user, "valid_until": None, "source": Source.PAPER} | changes
    return qualifications.grade(worker, skill, level, **values, by=desk, now=NOW)


def test_a_level_with_who_looked_at_it_and_when(worker: Worker, typing: Skill, desk: Actor) -> None:
    graded(worker, typing, desk, valid_until=TODAY + timedelta(days=9))
    row = WorkerSkill.objects.get(worker=worker)
    assert (row.level, row.verified_by, row.verified_on, row.source) == (2, desk.user, TODAY, "paper")
    told = AuditEvent.objects.get(subject_type="worker", action="grade")
    assert told.data["code"] == "typing"
    assert (told.data["before"], told.data["level"]) == (None, 2)


def test_a_repeat_changes_nothing(worker: Worker, typing: Skill, desk: Actor) -> None:
    assert graded(worker, typing, desk).pk == graded(worker, typing, desk).pk
    assert AuditEvent.objects.filter(action="grade").count() == 1
    assert graded(worker, typing, desk, 3).level == 3
    assert AuditEvent.objects.filter(action="grade").last().data["before"] == 2  # type: ignore[union-attr]


def test_a_test_verifies_without_a_person(worker: Worker, typing: Skill, desk: Actor) -> None:
    row = graded(worker, typing, desk, verified_by=None, source=Source.TEST)
    assert (row.verified_by, row.verified_on) == (None, TODAY)


def test_ones_own_word_verifies_nothing_and_never_replaces_what_was(worker: Worker, typing: Skill, desk: Actor) -> None:
    own = graded(worker, typing, desk, source=Source.SELF)
    assert (own.verified_by, own.verified_on) == (None, None)
    graded(worker, typing, desk, valid_until=TODAY)
    with pytest.raises(Conflict):
        graded(worker, typing, desk, 3, source=Source.SELF)
    WorkerSkill.objects.update(valid_until=TODAY - timedelta(days=1))
    assert graded(worker, typing, desk, 3, source=Source.SELF).verified_on is None


@pytest.mark.parametrize(
    ("level", "changes"), [(0, {}), (4, {}), (1, {"valid_until": TODAY - timedelta(days=1)}), (7, {})]
)
def test_what_cannot_be(worker: Worker, typing: Skill, desk: Actor, level: int, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        graded(worker, typing, desk, level, **changes)
    assert not WorkerSkill.objects.filter(worker=worker).exists()


def test_what_is_out_of_use_is_not_given_anew(worker: Worker, typing: Skill, desk: Actor) -> None:
    Skill.objects.update(is_active=False)
    typing.refresh_from_db()
    with pytest.raises(Invalid):
        graded(worker, typing, desk)


def test_a_language_in_the_same_way(agency: Agency, worker: Worker, desk: Actor) -> None:
    tongue = Language.objects.create(code="en", name_zh="英语", name_en="English")
    values: dict[str, Any] = {"verified_by": desk.user, "valid_until": None, "source": Source.INTERVIEW}
    qualifications.speak(worker, tongue, 4, **values, by=desk, now=NOW)
    assert WorkerLanguage.objects.get(worker=worker, language=tongue).verified_on == TODAY


@pytest.mark.parametrize(("measured", "level"), [(0, 0), (29, 0), (30, 1), (79, 2), (80, 3), (300, 3)])
def test_a_measure_reaches_a_level(typing: Skill, measured: int, level: int) -> None:
    assert typing.level_of(measured) == level


def test_a_scale_without_thresholds_measures_nothing(agency: Agency) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        agency.skill.level_of(60)
