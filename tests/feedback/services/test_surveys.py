"""The question after the service: one link, one answer, one case if it is bad."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing

from feedback.models import LoopPolicy, Review, ReviewCase, Survey, WorkerRating
from feedback.services import cases, surveys
from feedback.services.surveys import SALT, Answers, LinkInvalid
from feedback.states import CaseStatus
from orders.models import Assignment
from staffing.core.errors import Invalid
from staffing.core.models import AuditEvent, Notification
from tests.feedback.stories import BAD, ENDED, GOOD, Scene, open_case, reported, scene
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import again, drain


@pytest.fixture
def told(agency: Agency) -> Scene:
    return scene(agency)


def heard(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


def test_a_client_is_asked_once_and_reminded_once(told: Scene) -> None:
    assert surveys.send(told.order.pk, ENDED) is None
    later = ENDED + timedelta(hours=48)
    drain(later - timedelta(seconds=1))
    assert (heard("survey.sent"), heard("survey.reminder")) == (1, 0)
    drain(later)
    for subscriber in ("tell_of_survey", "remind_of_survey"):
        again(subscriber, later)
    assert (heard("survey.sent"), heard("survey.reminder")) == (1, 1)


def test_who_has_answered_is_not_reminded(told: Scene) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    drain(ENDED + timedelta(days=3))
    assert (heard("survey.sent"), heard("survey.reminder")) == (0, 0)


def test_only_the_link_that_was_sent_opens_the_survey(told: Scene) -> None:
    token = surveys.token_of(told.survey)
    assert surveys.survey_of(token, ENDED) == told.survey
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x:y:z", signing.dumps({"s": 1}, salt="other")]
    replaced = signing.dumps({"s": told.survey.pk, "n": "old"}, salt=SALT)
    for bad in [*forged, replaced, signing.dumps({"s": told.survey.pk}, salt=SALT), signing.dumps([], salt=SALT)]:
        with pytest.raises(LinkInvalid):
            surveys.survey_of(bad, ENDED)


def test_a_link_ends_but_an_answer_stays_readable(told: Scene) -> None:
    token, end = surveys.token_of(told.survey), told.survey.expires_at
    with pytest.raises(LinkInvalid) as late:
        surveys.survey_of(token, end)
    assert (late.value.code, late.value.status) == ("link_expired", 404)
    with pytest.raises(LinkInvalid):
        surveys.answer(told.survey.pk, GOOD, end)
    assert not Review.objects.exists()
    surveys.answer(told.survey.pk, GOOD, end - timedelta(microseconds=1))
    assert surveys.survey_of(token, end).answered_at is not None


def test_the_first_answer_counts(told: Scene) -> None:
    first = surveys.answer(told.survey.pk, GOOD, ENDED)
    assert surveys.answer(told.survey.pk, BAD, ENDED + timedelta(days=90)) == first
    assert not ReviewCase.objects.exists()
    assert AuditEvent.objects.filter(action="review").count() == 1


@pytest.mark.parametrize("field", ["overall", "attendance", "skill_match", "attitude"])
@pytest.mark.parametrize("figure", [0, 6, -1])
def test_figures_are_one_to_five(told: Scene, field: str, figure: int) -> None:
    changed: dict[str, Any] = {field: figure}
    with pytest.raises(Invalid):
        surveys.answer(told.survey.pk, replace(GOOD, **changed), ENDED)
    assert Survey.objects.get(pk=told.survey.pk).answered_at is None


def test_only_who_served_is_rated(agency: Agency, told: Scene) -> None:
    mine, other = Assignment.objects.order_by("pk")
    stranger = scene(agency)
    theirs = Assignment.objects.filter(position__shift__order=stranger.order).earliest("pk")
    for ratings in ({theirs.pk: 5}, {mine.pk: 6}, {0: 3}):
        with pytest.raises(Invalid):
            surveys.answer(told.survey.pk, Answers(5, 5, 5, 5, ratings=ratings), ENDED)
    surveys.answer(told.survey.pk, Answers(5, 5, 5, 5, ratings={mine.pk: 4}), ENDED)
    assert list(WorkerRating.objects.values_list("assignment", "stars")) == [(mine.pk, 4)]
    assert other.pk != mine.pk


def test_who_did_not_come_is_not_asked_about(told: Scene) -> None:
    absent = Assignment.objects.earliest("pk")
    Assignment.objects.filter(pk=absent.pk).update(status="no_show")
    assert absent not in surveys.served(told.order)
    with pytest.raises(Invalid):
        surveys.answer(told.survey.pk, Answers(1, 1, 1, 1, ratings={absent.pk: 1}), ENDED)


def test_a_bad_answer_opens_one_case_and_both_sides_hear_of_it(told: Scene) -> None:
    case = open_case(told)
    drain(ENDED)
    again("tell_of_case", ENDED)
    assert ReviewCase.objects.get() == case
    assert (heard("case.opened"), heard("case.acknowledged")) == (1, 1)


def test_a_more_patient_policy_keeps_a_silent_case_open(told: Scene) -> None:
    case = reported(told, open_case(told))
    LoopPolicy(answer_days=10).save()
    assert not cases.close_unanswered(case.pk, case.round, ENDED + timedelta(days=7))
    drain(ENDED + timedelta(days=10) - timedelta(seconds=1))
    assert ReviewCase.objects.get().status == CaseStatus.REPORTED
    drain(ENDED + timedelta(days=10))
    again("close_unanswered", ENDED + timedelta(days=11))
    assert ReviewCase.objects.get().status == CaseStatus.NO_ANSWER
