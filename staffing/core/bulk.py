"""Many rows in one statement, where Django's own `bulk_update` spends its time building the statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

# Rows a statement: below what makes the server's plan and the text unwieldy.
BATCH = 2_000


def update(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of saved rows of one model; triggers and constraints see every row.

    Raises ValueError for a row that is not in the database any more.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    columns = [meta.get_field(name) for name in fields]
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        with connection.cursor() as cursor:
            cursor.execute(_statement(meta, columns), _arrays(meta, batch, columns))
            if cursor.rowcount != len(batch):
                raise ValueError(f"{len(batch) - cursor.rowcount} rows are gone")


def _statement(meta: Any, columns: Sequence[Any]) -> str:
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in columns]
    assigned = ", ".join(f"{name} = v.{name}" for name in names)
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in (meta.pk, *columns))
    listed = ", ".join(["id", *names])
    return (
        f"UPDATE {quote(meta.db_table)} t SET {assigned} "  # noqa: S608 - names of our own tables and columns
        f"FROM unnest({arrays}) AS v ({listed}) WHERE t.{quote(meta.pk.column)} = v.id"
    )


def _type(field: Any) -> str:
    """The column's type without what holds for a column only (serial, length)."""
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)).split("(")[0]


def _arrays(meta: Any, batch: Sequence[models.Model], columns: Sequence[Any]) -> list[list[Any]]:
    return [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in batch]
        for field in (meta.pk, *columns)
    ]
