"""One row of a table of applicants, through django-import-export: its cells read, its application handed in."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export import fields, resources
from import_export.results import RowResult
from import_export.widgets import Widget

from staffing.core.models import City
from workers import import_columns as columns
from workers.import_columns import Reader
from workers.services import applications, incoming
from workers.services.applications import ApplicationSpec, BadApplication
from workers.services.incoming import PARTNER

ANSWERS = ("typing_wpm", "major", "experience")


class Cell(Widget):
    """Reads a cell by a function of `import_columns`."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self.read = read

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Raises ValueError with the code of what is wrong."""
        return self.read(str(value or ""))


def _field(name: str, read: Reader) -> fields.Field:
    return fields.Field(name, name, widget=Cell(read))


class Rows(resources.Resource):
    """Applicants of a file; `external_id` counts only with a partner."""

    name = _field("name", columns.needed(columns.word))
    phone = _field("phone", columns.needed(columns.phone))
    email = _field("email", columns.narrow)
    remote_ok = _field("remote_ok", columns.yes)
    typing_wpm = _field("typing_wpm", columns.number)
    major = _field("major", columns.word)
    experience = _field("experience", columns.text)
    external_id = _field("external_id", columns.narrow)

    class Meta:
        skip_diff = True
        force_init_instance = True
        store_instance = True

    def __init__(self, source: str, partner: Any, now: Any) -> None:
        super().__init__()
        self.source, self.partner, self.now = source, partner, now
        self.fields["city"] = _field("city", columns.city(cities()))

    def init_instance(self, row: Any = None) -> SimpleNamespace:
        """What is read from the row, and later `done`."""
        return SimpleNamespace(pk=None, done=None)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Hand the application in, unless it is only looked at. Raises `ValidationError` by field."""
        if kwargs["dry_run"]:
            return
        try:
            with transaction.atomic():
                spec = _spec(instance, self.source)
                instance.done = applications.submit(spec, partner=self.partner, by=PARTNER, now=self.now)
                if self.partner and (number := getattr(instance, "external_id", "")):
                    incoming.refer(number[:64], instance.done.application, self.partner)
        except BadApplication as error:
            codes = {field: "taken" if field == "external_id" else "invalid" for field in error.problems}
            raise ValidationError({field: ValidationError(code) for field, code in codes.items()}) from None


def _spec(read: Any, source: str) -> ApplicationSpec:
    said = {name: value for name in ANSWERS if (value := getattr(read, name, None))}
    return ApplicationSpec(
        name=read.name,
        phone=read.phone,
        email=getattr(read, "email", ""),
        city=getattr(read, "city", None),
        source=source,
        remote_ok=getattr(read, "remote_ok", False),
        answers=said,
        # Whoever uploads the file says so for everybody in it.
        consented=True,
    )


def cities() -> dict[str, City]:
    """By every way in which a file may name one."""
    found = City.objects.all()
    return {columns.plain(name): city for city in found for name in (city.code, city.name_zh, city.name_en)}


def run(resource: Rows, cells: Mapping[str, str], line: int, *, look: bool = False) -> RowResult:
    """Read one row and, unless it is a look, hand it in; what is not the row's own fault is raised."""
    result = resource.import_row(dict(cells), None, row_number=line, dry_run=look, using_transactions=False)
    if result.errors:
        raise result.errors[0].error
    return result


def problems(result: RowResult) -> dict[str, str]:
    """Codes by field; empty for a good row."""
    error = result.validation_error
    return {} if error is None else {field: said[0] for field, said in error.message_dict.items()}
