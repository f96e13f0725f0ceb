"""Who does a thing: a person, the system, or somebody with a signed link."""

from dataclasses import dataclass

from django.http import HttpRequest

from staffing.core.models import Role, User


@dataclass(frozen=True, slots=True)
class Actor:
    """`role` is a `Role` value, "system", or "link" (a client's contact who follows a signed link)."""

    user: User | None
    role: str


SYSTEM = Actor(None, "system")
LINK = Actor(None, "link")
AGENCY_ROLES = frozenset({Role.DISPATCHER.value, Role.MANAGER.value})


def actor_of(user: User) -> Actor:
    """The actor for a logged-in person."""
    return Actor(user, user.role)


def acting(request: HttpRequest) -> Actor:
    """The actor behind a request that passed `access`."""
    assert isinstance(request.user, User)
    return actor_of(request.user)
