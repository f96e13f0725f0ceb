"""The names that the desk's pages are full of, and all that its filters offer, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from orders.models import Client, SavedView
from orders.services.saved_views import default_page
from staffing.core.models import City, User
from workers.models import CertificateType, Course, Language, Skill

CLIENT, VIEW = "client", "savedview"
NAMED: Final = (Skill, CertificateType, Course, Language, City)


class Row(NamedTuple):
    """A row of any of the tables: its model, its id, and three texts."""

    kind: str
    pk: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name; `default`: the page opens with them."""

    pk: int
    name: str
    query: str
    default: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`names` by code, in the active language; (id, name) of what can be filtered by; the asker's own views."""

    names: Mapping[str, str] = field(default_factory=dict)
    skills: Sequence[tuple[int, str]] = ()
    cities: Sequence[tuple[int, str]] = ()
    clients: Sequence[tuple[int, str]] = ()
    views: Sequence[View] = ()


def read(*, page: str = "", user: User | None = None) -> Catalogue:
    """All names; with a page and its user also the clients and that person's views of the page. One query."""
    parts = [_rows(model, model.objects.all(), "code", "name_zh", "name_en") for model in NAMED]
    if user is not None:
        own = SavedView.objects.filter(user=user, page__in=(page, default_page(page)))
        parts.append(_rows(Client, Client.objects.filter(is_active=True), "name", "name", "name"))
        parts.append(_rows(SavedView, own, "query", "name", "page"))
    rows = sorted(Row(*row) for row in parts[0].union(*parts[1:], all=True))
    english = (get_language() or "").startswith("en")
    named = {model._meta.model_name for model in NAMED}
    return Catalogue(
        names={row.code: row.en if english else row.zh for row in rows if row.kind in named},
        skills=_choices(rows, "skill", english=english),
        cities=_choices(rows, "city", english=english),
        clients=sorted(_choices(rows, CLIENT, english=english), key=lambda choice: choice[1]),
        views=_own(rows, page),
    )


def _rows(model: type[Any], found: QuerySet[Any], *texts: str) -> QuerySet[Any, Any]:
    kind = Value(model._meta.model_name, CharField())
    return found.order_by().values_list(kind, "pk", *(Cast(text, TextField()) for text in texts))


def _choices(rows: Sequence[Row], kind: str, *, english: bool) -> list[tuple[int, str]]:
    return [(row.pk, row.en if english else row.zh) for row in rows if row.kind == kind]


def _own(rows: Sequence[Row], page: str) -> list[View]:
    """The person's views; the default one comes twice, the second time under a page of its own."""
    views = [row for row in rows if row.kind == VIEW]
    opened = {row.zh for row in views if row.en == default_page(page)}
    found = [View(row.pk, row.zh, row.code, row.zh in opened) for row in views if row.en == page]
    return sorted(found, key=lambda view: view.name)
