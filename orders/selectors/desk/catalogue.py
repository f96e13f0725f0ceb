"""The names that the desk's pages are full of, and all that its filters offer, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db.models import CharField, F, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from orders.matching_text import grade_key
from orders.models import Client, SavedView
from orders.services.saved_views import default_page
from staffing.core.models import City, User
from workers.models import CertificateType, Course, Language, Skill
from workers.models.catalogue import grade_name

CLIENT, VIEW = "client", "savedview"
PLAIN: Final = (CertificateType, Course, City)
GRADED: Final = (Skill, Language)
NAMED: Final = (*PLAIN, *GRADED)
NO_GRADES: Final = Value([], JSONField())


class Row(NamedTuple):
    """A row of any of the tables: its model, its id, three texts, and the grades of a scale."""

    kind: str
    pk: int
    code: str
    zh: str
    en: str
    grades: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name; `default`: the page opens with them."""

    pk: int
    name: str
    query: str
    default: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`names` by code, and of levels by `grade_key`, in the active language; (id, name) of what can be filtered by; the
    asker's own views."""

    names: Mapping[str, str] = field(default_factory=dict)
    skills: Sequence[tuple[int, str]] = ()
    cities: Sequence[tuple[int, str]] = ()
    clients: Sequence[tuple[int, str]] = ()
    views: Sequence[View] = ()


def read(*, page: str = "", user: User | None = None) -> Catalogue:
    """All names; with a page and its user also the clients and that person's views of the page. One query."""
    parts = [_rows(model, model.objects.all(), "code", "name_zh", "name_en") for model in PLAIN]
    parts += [_rows(model, model.objects.all(), "code", "name_zh", "name_en", grades=F("grades")) for model in GRADED]
    if user is not None:
        own = SavedView.objects.filter(user=user, page__in=(page, default_page(page)))
        parts.append(_rows(Client, Client.objects.filter(is_active=True), "name", "name", "name"))
        parts.append(_rows(SavedView, own, "query", "name", "page"))
    rows = sorted((Row(*row) for row in parts[0].union(*parts[1:], all=True)), key=lambda row: row[:2])
    english = (get_language() or "").startswith("en")
    named = {model._meta.model_name for model in NAMED}
    return Catalogue(
        names={row.code: row.en if english else row.zh for row in rows if row.kind in named} | _grades(rows),
        skills=_choices(rows, "skill", english=english),
        cities=_choices(rows, "city", english=english),
        clients=sorted(_choices(rows, CLIENT, english=english), key=lambda choice: choice[1]),
        views=_own(rows, page),
    )


def _rows(model: type[Any], found: QuerySet[Any], *texts: str, grades: Any = NO_GRADES) -> QuerySet[Any, Any]:
    kind = Value(model._meta.model_name, CharField())
    return found.order_by().values_list(kind, "pk", *(Cast(text, TextField()) for text in texts), grades)


def _grades(rows: Sequence[Row]) -> dict[str, str]:
    return {
        grade_key(row.kind, row.code, level): grade_name(row.grades, level)
        for row in rows
        for level in range(1, len(row.grades) + 1)
    }


def _choices(rows: Sequence[Row], kind: str, *, english: bool) -> list[tuple[int, str]]:
    return [(row.pk, row.en if english else row.zh) for row in rows if row.kind == kind]


def _own(rows: Sequence[Row], page: str) -> list[View]:
    """The person's views; the default one comes twice, the second time under a page of its own."""
    views = [row for row in rows if row.kind == VIEW]
    opened = {row.zh for row in views if row.en == default_page(page)}
    found = [View(row.pk, row.zh, row.code, row.zh in opened) for row in views if row.en == page]
    return sorted(found, key=lambda view: view.name)
