"""Many at once: one decision holds, one appeal is filed, one change of stars is written."""

from functools import partial

import pytest

from feedback.models import StarChange, StarStanding, WorkerRating
from feedback.services import stars
from feedback.services.surveys import Answers, answer
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict
from tests.feedback.stories import ENDED, scene
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.test_booking_race import all_at_once
from workers.models import Proposal, StandingAppeal, WatchEntry, Worker
from workers.services import proposals, standing_appeals, watch
from workers.services.proposals import Verdict

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WHY = [{"figure": "late", "have": "40", "need": "30", "n": 5, "services": []}]
EACH = 4


def test_yes_and_no_at_once_give_one_decision(committed_agency: Agency) -> None:
    agency, worker = committed_agency, committed_agency.worker()
    row = proposals.make(worker.pk, "suspend", [], NOW)
    assert row is not None
    people = [actor_of(agency.manager()) for _ in range(2 * EACH)]
    calls = [
        partial(proposals.decide, row.pk, Verdict(bool(n % 2), f"r{n}"), by=by, now=NOW) for n, by in enumerate(people)
    ]
    told = all_at_once(calls)
    row.refresh_from_db()
    worker.refresh_from_db()
    assert sorted(set(told)) == [Conflict.__name__, "ok"]
    assert (row.status, worker.status) in (("approved", "suspended"), ("declined", "active"))
    assert told.count("ok") == EACH


def test_one_watch_one_proposal_one_appeal(committed_agency: Agency) -> None:
    worker = committed_agency.worker()
    all_at_once([partial(watch.put_on, worker.pk, "pre_sale", WHY, NOW)] * EACH)
    all_at_once([partial(proposals.make, worker.pk, "suspend", [], NOW)] * EACH)
    entry, own = WatchEntry.objects.get(), actor_of(worker.user)
    told = all_at_once([partial(standing_appeals.file, entry, by=own, now=NOW, text="x")] * EACH)
    assert told == ["ok"] * EACH
    assert (StandingAppeal.objects.count(), Proposal.objects.count()) == (1, 1)


def test_the_same_rating_counted_by_many_is_one_change(committed_agency: Agency) -> None:
    told = scene(committed_agency, headcount=1)
    worker = Worker.objects.get(assignments__position__shift__order=told.order)
    Worker.objects.filter(pk=worker.pk).update(services_done=3)
    answer(told.survey.pk, Answers(5, 5, 5, 5, ratings={worker.assignments.get().pk: 5}), ENDED)
    all_at_once([partial(stars.recount, worker.pk, "rating", ENDED)] * EACH)
    assert (WorkerRating.objects.count(), StarStanding.objects.count(), StarChange.objects.count()) == (1, 1, 1)
