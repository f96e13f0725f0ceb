"""An answer may be changed for a day, a link be taken back; what was said first is kept."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from feedback.models import LoopPolicy, Review, ReviewCase, ReviewPhoto, WorkerRating
from feedback.services import surveys
from feedback.services.surveys import LinkInvalid
from feedback.states import CaseStatus
from staffing.core import photos
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from tests.feedback.stories import BAD, ENDED, GOOD, Scene, open_case, scene
from tests.fixtures.agency import Agency

DAY = timedelta(hours=24)
LAST_MOMENT = ENDED + DAY - timedelta(microseconds=1)


@pytest.fixture
def told(agency: Agency) -> Scene:
    return scene(agency)


def picture() -> photos.Safe:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return photos.clean(BytesIO(out.getvalue()))


def test_the_first_answer_stays_in_the_audit(told: Scene) -> None:
    work, _other = surveys.served(told.order)
    surveys.answer(told.survey.pk, replace(GOOD, ratings={work.pk: 5}), ENDED)
    surveys.edit(told.survey.pk, replace(GOOD, overall=4, comment=" 还行 ", ratings={work.pk: 3}), LAST_MOMENT)
    review = Review.objects.get()
    assert (review.overall, review.comment, review.edited_at, review.created_at) == (4, "还行", LAST_MOMENT, ENDED)
    assert list(WorkerRating.objects.values_list("assignment", "stars")) == [(work.pk, 3)]
    data = AuditEvent.objects.get(action="review_edit").data
    assert (data["before"]["overall"], data["after"]["overall"]) == (5, 4)
    assert (data["before"]["ratings"], data["after"]["ratings"]) == ({str(work.pk): 5}, {str(work.pk): 3})


def test_after_a_day_it_is_too_late(told: Scene) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    with pytest.raises(Conflict):
        surveys.edit(told.survey.pk, BAD, ENDED + DAY)
    LoopPolicy(survey_edit_hours=25).save()
    surveys.edit(told.survey.pk, BAD, ENDED + DAY)
    assert Review.objects.get().overall == 1


def test_nothing_is_edited_that_was_not_answered(told: Scene) -> None:
    with pytest.raises(Conflict):
        surveys.edit(told.survey.pk, BAD, ENDED)
    assert not Review.objects.exists()


def test_the_same_again_changes_nothing(told: Scene) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    surveys.edit(told.survey.pk, GOOD, LAST_MOMENT)
    assert Review.objects.get().edited_at is None
    assert not AuditEvent.objects.filter(action="review_edit").exists()


def test_an_answer_that_becomes_bad_opens_one_case(told: Scene) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    surveys.edit(told.survey.pk, BAD, LAST_MOMENT)
    surveys.edit(told.survey.pk, replace(BAD, overall=2), LAST_MOMENT)
    assert ReviewCase.objects.get().opened_at == LAST_MOMENT


def test_an_answer_that_becomes_good_closes_no_case(told: Scene) -> None:
    case = open_case(told)
    surveys.edit(told.survey.pk, GOOD, LAST_MOMENT)
    case.refresh_from_db()
    assert (case.status, Review.objects.get().overall) == (CaseStatus.OPEN, 5)


@pytest.mark.parametrize("wrong", [replace(GOOD, overall=6), replace(GOOD, ratings={0: 5})])
def test_an_edit_is_checked_like_an_answer(told: Scene, wrong: surveys.Answers) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    with pytest.raises(Invalid):
        surveys.edit(told.survey.pk, wrong, LAST_MOMENT)
    assert Review.objects.get().overall == 5


def test_a_link_that_was_taken_back_is_worth_nothing(told: Scene) -> None:
    token = surveys.token_of(told.survey)
    for _again in range(2):
        surveys.revoke(told.survey.pk, by=told.desk, now=ENDED)
    with pytest.raises(LinkInvalid) as gone:
        surveys.survey_of(token, ENDED)
    assert gone.value.code == "link_revoked"
    with pytest.raises(LinkInvalid):
        surveys.answer(told.survey.pk, GOOD, ENDED)
    assert AuditEvent.objects.filter(action="survey_revoked").count() == 1
    assert not Review.objects.exists()


def test_taking_a_link_back_keeps_the_answer_and_ends_its_changing(told: Scene) -> None:
    surveys.answer(told.survey.pk, GOOD, ENDED)
    surveys.revoke(told.survey.pk, by=told.desk, now=ENDED)
    with pytest.raises(LinkInvalid):
        surveys.edit(told.survey.pk, BAD, ENDED)
    assert Review.objects.get().overall == 5


def test_pictures_are_as_many_as_the_policy_allows(told: Scene) -> None:
    LoopPolicy(survey_photos=2).save()
    surveys.answer(told.survey.pk, GOOD, ENDED, picture())
    surveys.edit(told.survey.pk, GOOD, LAST_MOMENT, picture())
    with pytest.raises(Conflict):
        surveys.edit(told.survey.pk, BAD, LAST_MOMENT, picture())
    assert ReviewPhoto.objects.count() == 2
    assert Review.objects.get().overall == 5
