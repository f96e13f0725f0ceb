"""What the order form of one client offers to choose from; each list is read once, and only if it is looked at."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

from orders import gates
from orders.forms import catalogue
from orders.gates import Gates
from orders.models import Client, GateProfile, Site
from orders.services import packages
from staffing.core.models import City

BLANK = [("", "—")]
Choices = list[tuple[Any, str]]


class Shelf:
    """The client's places and team, the cities, the catalogue, the ready-made requirements."""

    def __init__(self, client: Client, *, has_team: bool) -> None:
        self.client, self.has_team = client, has_team

    @classmethod
    def of(cls, client: Client) -> Self:
        """For a client of whom nothing more is known; one query."""
        return cls(client, has_team=packages.has_team(client))

    def fresh(self) -> Self:
        """The same, to be read anew after a change."""
        return type(self)(self.client, has_team=self.has_team)

    @cached_property
    def catalogue(self) -> catalogue.Catalogue:
        """Skills, languages, certificates, courses; one query."""
        return catalogue.read()

    @cached_property
    def sites(self) -> dict[int, Site]:
        """The client's places with their cities; one query."""
        return {site.pk: site for site in self.client.sites.select_related("city")}

    @cached_property
    def cities(self) -> dict[int, City]:
        """All cities; one query."""
        return {city.pk: city for city in City.objects.all()}

    @cached_property
    def ready_made(self) -> Sequence[Gates]:
        """All profiles in use; one query."""
        return gates.ready_made()

    @property
    def usual(self) -> Gates | None:
        """What the client's industry usually asks for."""
        return next((one for one in self.ready_made if one.profile.industry == self.client.industry), None)

    @property
    def pools(self) -> dict[int, Gates]:
        """The special pools."""
        return {one.profile.pk: one for one in self.ready_made if not one.profile.industry}

    def site_choices(self) -> Choices:
        """For the list of places."""
        return [*BLANK, *((pk, site.name) for pk, site in self.sites.items())]

    def city_choices(self) -> Choices:
        """For the list of cities."""
        return [*BLANK, *((pk, city.name) for pk, city in self.cities.items())]

    def pool_choices(self) -> Choices:
        """For the list of special pools."""
        return [*BLANK, *((pk, one.profile.name) for pk, one in self.pools.items())]

    def named(self, kind: str) -> Choices:
        """For the list of certificates or courses."""
        return [(item.pk, item.name) for item in self.catalogue.offered(kind)]

    def site(self, pk: str) -> Site:
        """A place by its id; KeyError for another's."""
        return self.sites[int(pk)]

    def city(self, pk: str) -> City:
        """A city by its id."""
        return self.cities[int(pk)]

    def pool(self, pk: str) -> GateProfile:
        """A special pool by its id."""
        return self.pools[int(pk)].profile
