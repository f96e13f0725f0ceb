"""Parts of the figures' rows: what the dashboard's filters leave."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import F, Q

UNRATED = "0"
# What each choice is called in an address, and the rows' column that it restricts.
COLUMNS: Mapping[str, str] = {
    "city": "fact_city",
    "service": "fact_service",
    "client": "fact_client",
    "industry": "fact_industry",
}
OF_PERSON = ("star", "source")


@dataclass(frozen=True, slots=True)
class Cut:
    """One city, service type, client, industry; people of one star level (`0`: none yet) or source; all combine.

    With `miss` only the rows that count against a share (their value).
    """

    city: int | None = None
    service: str = ""
    client: int | None = None
    industry: str = ""
    star: str = ""
    source: str = ""
    miss: str = ""

    @property
    def of_person(self) -> bool:
        """Whether only rows about one person can be meant."""
        return bool(self.star or self.source)

    @property
    def query(self) -> dict[str, Any]:
        """As the parameters of an address."""
        return {name: value for name, value in asdict(self).items() if value}

    def rows(self) -> dict[str, Any]:
        """The restriction of a queryset with the facts' columns."""
        return {column: getattr(self, name) for name, column in COLUMNS.items() if getattr(self, name)}

    def people(self, worker: str) -> Q:
        """The restriction to people, by the path from a row to its worker."""
        found = Q()
        if self.star == UNRATED:
            found &= Q(**{f"{worker}__stars__isnull": True})
        elif self.star:
            found &= Q(**{f"{worker}__stars__gte": int(self.star), f"{worker}__stars__lt": int(self.star) + 1})
        if self.source:
            found &= Q(**{f"{worker}__source": self.source})
        return found


EVERYTHING = Cut()


def industry_of(client: str) -> F:
    """The client's industry, by the path to it."""
    return F(f"{client}__industry")
