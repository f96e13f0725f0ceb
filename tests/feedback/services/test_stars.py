"""Stars are counted from the ratings, after each and for each day; what is stored is what a recount gives."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.models import LoopPolicy, StarChange, StarLevel, StarStanding
from feedback.selectors import stars as reads
from feedback.services import stars, surveys
from feedback.services.surveys import Answers
from staffing.core.models import Notification
from tests.feedback.stories import ENDED, Scene, scene
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import again, drain
from workers.models import PoolChange, Worker

DAY = timedelta(days=1)


@pytest.fixture
def told(agency: Agency) -> Scene:
    return scene(agency)


def worker_of(told: Scene) -> Worker:
    return Worker.objects.filter(assignments__position__shift__order=told.order).order_by("pk")[0]


def rate(told: Scene, given: int, services: int = 3) -> Worker:
    """The client rates the order's first worker, who has served so often."""
    worker = worker_of(told)
    Worker.objects.filter(pk=worker.pk).update(services_done=services)
    surveys.answer(told.survey.pk, Answers(5, 5, 5, 5, ratings={worker.assignments.get().pk: given}), ENDED)
    drain(ENDED)
    worker.refresh_from_db()
    return worker


def test_a_rating_is_counted_at_once_and_matching_reads_the_number(told: Scene) -> None:
    worker = rate(told, 5)
    standing = StarStanding.objects.get(worker=worker)
    assert (standing.score, standing.level) == (Decimal("4.25"), 2)
    assert worker.stars == Decimal("4.3")
    change = StarChange.objects.get(worker=worker)
    assert (change.cause, change.level_before, change.level_after, change.score_before) == ("rating", 0, 2, None)
    assert [(one["stars"], one["weight"]) for one in change.ratings] == [(5, 1.0)]
    assert PoolChange.objects.filter(kind="worker", row_id=worker.pk).exists()
    assert Notification.objects.filter(user=worker.user, kind="stars.up").count() == 1


def test_a_repeat_changes_nothing(told: Scene) -> None:
    worker = rate(told, 5)
    again("count_rated", ENDED)
    again("tell_of_change", ENDED)
    assert StarChange.objects.count() == 1
    assert Notification.objects.filter(user=worker.user, kind="stars.up").count() == 1


def test_before_the_third_service_there_are_none_and_the_third_brings_them(told: Scene) -> None:
    worker = rate(told, 5, services=2)
    assert worker.stars is None
    assert not Notification.objects.filter(user=worker.user, kind__startswith="stars.").exists()
    Worker.objects.filter(pk=worker.pk).update(services_done=3)
    change = stars.recount(worker.pk, StarChange.Cause.SERVICE, ENDED)
    assert change is not None and change.level_after == 2


def test_an_edit_and_a_rating_taken_out_are_counted_anew(told: Scene) -> None:
    worker = rate(told, 5)
    work = worker.assignments.get().pk
    surveys.edit(told.survey.pk, Answers(4, 4, 4, 4, ratings={work: 1}), ENDED + timedelta(minutes=5))
    drain(ENDED + timedelta(minutes=5))
    worker.refresh_from_db()
    assert worker.stars == Decimal("3.3")
    surveys.edit(told.survey.pk, Answers(4, 4, 4, 4), ENDED + timedelta(minutes=9))
    drain(ENDED + timedelta(minutes=9))
    assert Worker.objects.get(pk=worker.pk).stars is None
    assert list(StarChange.objects.order_by("pk").values_list("cause", flat=True)) == ["rating", "edit", "edit"]


def test_ageing_draws_the_score_to_the_prior_once_a_day(told: Scene) -> None:
    worker = rate(told, 1)
    assert worker.stars == Decimal("3.3")
    later = ENDED + 400 * DAY
    assert stars.age(0, worker.pk, later) == 1
    assert stars.age(0, worker.pk, later) == 0
    worker.refresh_from_db()
    assert worker.stars == Decimal("3.9")
    assert StarChange.objects.latest("pk").cause == "ageing"
    assert not list(stars.differences())


def test_who_was_never_rated_keeps_what_they_came_with(told: Scene) -> None:
    worker = worker_of(told)
    assert stars.recount(worker.pk, StarChange.Cause.SERVICE, ENDED) is None
    worker.refresh_from_db()
    assert worker.stars == Decimal("4.5")


def test_the_table_decides(told: Scene) -> None:
    StarLevel.objects.create(level=5, least_score=Decimal("4.20"), least_services=3)
    LoopPolicy.objects.update_or_create(pk=1, defaults={"star_prior_weight": 1})
    assert rate(told, 5).star_standing.level == 5


def test_the_command_proves_what_is_stored(told: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    worker = rate(told, 5)
    call_command("stars", "--check")
    assert "stored = recount" in capsys.readouterr().out
    Worker.objects.filter(pk=worker.pk).update(stars=Decimal("1.0"))
    with pytest.raises(CommandError):
        call_command("stars", "--check")
    stars.recount(worker.pk, StarChange.Cause.RECOUNT, ENDED)
    call_command("stars", "--check")


def test_the_explanation_names_the_next_star(told: Scene) -> None:
    worker = rate(told, 5)
    found = reads.explained(worker, ENDED)
    assert [one.stars for one in found.ratings] == [5]
    assert found.step is not None
    assert (found.step.level, found.step.services, found.step.ratings) == (3, 2, 0)
    assert found.prior_percent == 75


def test_a_day_that_changes_nothing_people_see_is_written_without_a_change(
    told: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    worker = rate(told, 5)
    tomorrow = ENDED + DAY
    with django_assert_max_num_queries(12):
        assert stars.age(0, worker.pk, tomorrow) == 0
    assert StarStanding.objects.get(worker=worker).counted_on == timezone.localdate(tomorrow)
    assert StarChange.objects.count() == 1
    assert not list(stars.differences())
