"""Who is lived for, and the dice: the same row always falls the same way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db.models import Q

from orders.models import ClientMember
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User
from staffing.demo import logins

# People of a running story act for themselves: their numbers begin so.
STORY_PREFIX = "1359"


class Act(NamedTuple):
    """Something that somebody does at a moment."""

    at: datetime
    name: str
    row: int


def dice(name: str, row: int) -> Random:
    """Random figures that belong to one row."""
    return Random(f"{name}:{row}")


def within(name: str, row: int, start: datetime, low: float, high: float) -> datetime:
    """A moment between `low` and `high` minutes after `start`, always the same for the row."""
    return start + timedelta(seconds=round(dice(name, row).uniform(low, high) * 60))


def lived(path: str) -> Q:
    """Rows whose user at `path` is neither of a story nor the visitor's."""
    visitors = (logins.CLIENT.phone, logins.WORKER.phone)
    return ~Q(**{f"{path}__phone__startswith": STORY_PREFIX}) & ~Q(**{f"{path}__phone__in": visitors})


def not_of_story(path: str) -> Q:
    """Rows whose client has no member in a story. `path` leads to the client."""
    story = ClientMember.objects.filter(user__phone__startswith=STORY_PREFIX).values("client")
    return ~Q(**{f"{path}__in": story})


def lived_client(path: str) -> Q:
    """Rows of clients who neither belong to a story nor to the visitor."""
    kept = ClientMember.objects.filter(Q(user__phone__startswith=STORY_PREFIX) | Q(user__phone=logins.CLIENT.phone))
    return ~Q(**{f"{path}__in": kept.values("client")})


def desk() -> Sequence[Actor]:
    """The dispatchers who are lived for."""
    people = User.objects.filter(role=Role.DISPATCHER, is_active=True).exclude(phone__startswith=STORY_PREFIX)
    return [actor_of(user) for user in people.order_by("pk")]


def member_of(client_id: int) -> Actor:
    """The client's first login."""
    return actor_of(User.objects.filter(membership__client=client_id).earliest("pk"))
