"""Puts the whole demo agency into an empty database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from orders.models import DoNotSend, TeamMember
from staffing.core.models import User
from staffing.demo import logins
from staffing.demo.past.live_through import Extent, live_through
from staffing.demo.seed import (
    aftercare,
    applying,
    clients,
    complaints,
    lectures,
    lessons,
    names,
    papers,
    people,
    profiles,
    recent,
    sources,
    standing,
    training,
)
from staffing.demo.seed import catalogue as catalogue_rows
from staffing.demo.seed.clients import Company
from workers.models import Worker

Say = Callable[[str], None]
# The last stretch is lived by the real services; the weeks before are written at once.
RECENT = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an agency."""

    workers: int = 400
    days: int = 60
    scale: float = 1.0


def is_empty() -> bool:
    """Whether nobody lives here yet."""
    return not User.objects.exists()


@transaction.atomic
def build(size: Size, seed: int, now: datetime, say: Say = lambda _text: None) -> None:
    """People, places and the past up to `now`. The database must be empty; nothing stays if it fails."""
    random = Random(seed)
    found = names.people(random)
    # One hash for everybody: four hundred slow ones would take longer than all the rest.
    password = make_password(logins.PASSWORD)
    say("catalogue, clients and people")
    rows = catalogue_rows.build(now - timedelta(days=size.days + 1))
    profiles.build(rows)
    companies = clients.build(rows, random, found, names.phones("1380000"), password, now)
    people.build_staff(found, names.phones("1381000"), password)
    pool = people.build_workers(rows, random, found, names.phones("1370000"), password, size=size.workers, now=now)
    _likes(companies, pool, random, now - timedelta(days=size.days))
    say(f"{size.days} days of history")
    since = now - RECENT
    live_through(Extent(size.days, size.scale), random, rows, companies, served_by=since, now=now)
    _analysed()
    lectures.build_commitments(pool, seed, since)
    complaints.build(companies, now, seed)
    lessons.build(rows, now)
    training.build(now)
    sources.build(now, seed)
    applying.build(now, since, seed)
    say("the last hours and the days to come")
    recent.build(since, now, random, rows, companies)
    profiles.build_kept(companies[0], rows, now)
    aftercare.build(seed, now)
    standing.build(seed, now)
    papers.build(now, seed)


def _analysed() -> None:
    """Plans made before the tables were filled would read them from end to end for every question."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _likes(companies: list[Company], pool: list[Worker], random: Random, at: datetime) -> None:
    """Each client has a few favourites, and one or two people they do not want again."""
    teams, bars = [], []
    for company in companies:
        chosen = random.sample(pool, min(len(pool), 7))
        company.team, company.blocked = {w.pk for w in chosen[:5]}, {w.pk for w in chosen[5:]}
        teams += [TeamMember(client=company.client, worker=w, created_at=at) for w in chosen[:5]]
        bars += [DoNotSend(client=company.client, worker=w, reason="现场与顾客争执", created_at=at) for w in chosen[5:]]
    TeamMember.objects.bulk_create(teams)
    DoNotSend.objects.bulk_create(bars)
