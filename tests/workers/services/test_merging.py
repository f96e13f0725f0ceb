"""Two that may be one: what a person chooses is taken over, nothing else; both histories tell of it."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW
from tests.workers.services.test_applications import PHONE, hand_in
from workers.models import Skill, WorkerSkill
from workers.services import merging

OLD = {"skills": {"chat": 2}, "major": "中文", "experience": "一年"}
NEW = {"skills": {"chat": 4, "phone": 3}, "typing_wpm": 70, "experience": "三年"}

PHONES = count(20_000_000)


@pytest.fixture
def desk(agency):
    Skill.objects.create(code="phone", name_zh="电话客服", name_en="Phone")
    return actor_of(agency.dispatcher())


def two(agency):
    older = hand_in(answers=OLD, name="林晓雨", email="old@example.test").application
    newer = hand_in(
        answers=NEW, name="林小雨", email="new@example.test", city=agency.city, source="student"
    ).application
    assert newer.duplicate == "possible"
    return older, newer


def said(found):
    found.refresh_from_db()
    return merging._of_application(found)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(taken=st.sets(st.sampled_from(merging.FIELDS)))
def test_exactly_what_was_chosen_is_taken_over(agency, desk, taken):
    phone = f"137{next(PHONES):08d}"
    older = hand_in(phone, answers=OLD, email="old@example.test").application
    newer = hand_in(phone, answers=NEW, email="new@example.test", city=agency.city, source="student").application
    before, wanted = said(older), said(newer)
    merging.into_application(newer.pk, older.pk, taken, by=desk, now=NOW)
    expected = {
        name: wanted[name] if name in taken and (wanted[name] or name in merging.OWN) else before[name]
        for name in before
    }
    assert said(older) == expected
    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.status, newer.merged_into, older.status, older.source) == ("merged", older, "applied", "direct")


def test_both_histories_tell_of_it_and_a_repeat_does_nothing(agency, desk):
    older, newer = two(agency)
    for _ in range(2):
        merging.into_application(newer.pk, older.pk, {"email"}, by=desk, now=NOW)
    told = AuditEvent.objects.filter(subject_type="application", action__in=("merge", "merge_in"))
    assert {(row.subject_id, row.action, tuple(row.data["fields"])) for row in told} == {
        (newer.pk, "merge", ("email",)),
        (older.pk, "merge_in", ("email",)),
    }
    assert told.count() == 2


def test_other_phones_are_never_merged(agency, desk):
    _older, newer = two(agency)
    stranger = hand_in("13700000001").application
    with pytest.raises(Conflict):
        merging.into_application(newer.pk, stranger.pk, {"email"}, by=desk, now=NOW)
    with pytest.raises(Conflict):
        merging.into_worker(newer.pk, agency.worker().pk, {"email"}, by=desk, now=NOW)
    with pytest.raises(Invalid):
        merging.into_application(newer.pk, _older.pk, {"password"}, by=desk, now=NOW)


def test_a_worker_learns_what_they_say_and_keeps_what_was_verified(agency, desk):
    worker = agency.worker()
    WorkerSkill.objects.filter(worker=worker).update(level=5, source="test", verified_on=NOW.date())
    found = hand_in(worker.user.phone, answers=NEW, email="new@example.test").application
    differing = {field.name for field in merging.compare(found, worker) if field.differs}
    assert differing == {"name", "email", "skills", "remote_ok"}
    merging.into_worker(found.pk, worker.pk, {"email", "skills"}, by=desk, now=NOW)
    worker.refresh_from_db()
    worker.user.refresh_from_db()
    assert worker.user.email == "new@example.test" and worker.user.name != found.name
    assert dict(worker.skills.values_list("skill__code", "level")) == {"chat": 5, "phone": 3}
    found.refresh_from_db()
    assert (found.status, found.worker, found.duplicate) == ("merged", worker, "merged")


def test_kept_apart_they_go_on_alone(agency, desk):
    older, newer = two(agency)
    for _ in range(2):
        newer = merging.keep_apart(newer.pk, by=desk, now=NOW)
    assert newer.duplicate == "apart" and AuditEvent.objects.filter(action="apart").count() == 1
    with pytest.raises(Conflict):
        merging.keep_apart(older.pk, by=desk, now=NOW)
    assert hand_in(PHONE).application == older
