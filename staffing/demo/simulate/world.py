"""The agency of a run: the demo's people, companies and rules, without a past; and the policy rows that switch off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from orders.models import OrderPolicy
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User, WebhookRobot
from staffing.demo.seed import catalogue, clients, names, people
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from staffing.demo.simulate.plan import AHEAD, Plan
from workers.models import Worker
from workers.services import consents

NEVER_MINUTES = 10_000
SEASONED = 0.85
AT_HOME = ("shanghai", "beijing", "guangzhou")
# What switches a part off, as an administrator would: figures of the policy.
OFF: Mapping[str, Mapping[str, object]] = {
    # One person after the other, each with the whole time to answer.
    "waves": {"wave_size": 1, "wave_minutes": NEVER_MINUTES},
    # Nobody is asked before the shift, nobody is at risk before the start.
    "radar": {
        "auto_release_unconfirmed": False,
        "confirm_from_hours": 1,
        "confirm_until_hours": 0,
        "confirm_again_hours": 1,
        "risk_due_minutes": 0,
        "risk_leave_minutes": NEVER_MINUTES,
        "risk_far_km": 10_000,
        "risk_often_late": 10_000,
        "risk_history_days": 0,
    },
    # Nobody is expected to be missing.
    "bench": {"bench_loss_percent": 0},
}


@dataclass(frozen=True, slots=True)
class World:
    """What the simulation draws from."""

    catalogue: Catalogue
    companies: Sequence[Company]
    desk: Sequence[Actor]


@transaction.atomic
def build(plan: Plan) -> World:
    """Write the agency of a plan into an empty database."""
    random = Random(plan.seed)
    found, now = names.people(random), plan.begin - AHEAD - timedelta(days=1)
    password = make_password(None)
    rows = catalogue.build(now - timedelta(days=60))
    # Nobody reads along.
    WebhookRobot.objects.all().delete()
    companies = clients.build(rows, random, found, names.phones("1380000"), password, now)
    people.build_staff(found, names.phones("1381000"), password)
    pool = people.build_workers(rows, random, found, names.phones("1370000"), password, size=plan.workers, now=now)
    _gather(rows, pool, random)
    _season(pool, random)
    for worker in pool:
        consents.give(worker, now)
    switch_off(plan.without)
    desk = [actor_of(user) for user in User.objects.filter(role=Role.DISPATCHER).order_by("pk")]
    return World(rows, [company for company in companies if _near(company)], desk)


def _near(company: Company) -> bool:
    company.sites[:] = [site for site in company.sites if site.city.code in AT_HOME]
    return bool(company.sites)


def _gather(rows: Catalogue, pool: Sequence[Worker], random: Random) -> None:
    """Everybody lives in one of the cities that are served; four hundred are too few for six."""
    away = [worker for worker in pool if worker.city.code not in AT_HOME]
    for worker in away:
        old, new = worker.city, rows.cities[random.choice(AT_HOME)]
        assert worker.latitude is not None and worker.longitude is not None
        worker.latitude += new.latitude - old.latitude
        worker.longitude += new.longitude - old.longitude
        worker.city = new
    Worker.objects.bulk_update(away, ["city", "latitude", "longitude"])


def _season(pool: Sequence[Worker], random: Random) -> None:
    """Most have served before the first day, with stars to show; the others are new."""
    for worker in pool:
        if random.random() < SEASONED:
            worker.services_done = random.randint(3, 80)
            worker.stars = Decimal(round(min(50, max(30, random.gauss(43, 4))))) / 10
    Worker.objects.bulk_update(pool, ["services_done", "stars"])


def switch_off(parts: frozenset[str]) -> None:
    """Take parts out of service by the policy's rows."""
    changes = {name: value for part in sorted(parts) for name, value in OFF[part].items()}
    OrderPolicy.objects.update(**changes) if changes else None
