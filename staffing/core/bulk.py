"""Many rows in one statement, where Django's own bulk methods spend their time building the statement.

Values travel as one array a column, in the server's own text form where that is plain; a value that all rows share
travels once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection, models
from django.db.models import F, Func, Value

# Rows a statement: below what makes the server's plan and the text unwieldy.
BATCH = 5_000
# From so many rows on, see `_update`.
MANY: Final = 200
_NUMBERS: Final = {int, bool, type(None)}
_TEXTS: Final = {str, type(None)}
Columns = Mapping[str, Sequence[Any]]
Given = Sequence[tuple[Any, Sequence[Any]]]


def update(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write these fields of saved rows of one model; triggers and constraints see every row.

    Raises ValueError for a row that is not in the database any more.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    written: list[Any] = [meta.get_field(name) for name in fields]
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        columns = [(field, [getattr(row, field.attname) for row in batch]) for field in written]
        with connection.cursor() as cursor:
            cursor.execute(*_update(meta, [row.pk for row in batch], columns))
            if cursor.rowcount != len(batch):
                raise ValueError(f"{len(batch) - cursor.rowcount} rows are gone")


def insert(model: type[models.Model], columns: Columns, *, ignore_conflicts: bool = False) -> list[int]:
    """Add rows given as columns of one length by attribute name (`worker_id`); the new ids, in the rows' order.

    What is not named gets the field's default. Unlike `save` it sends no signals. With `ignore_conflicts` a row that
    a unique constraint forbids is left out, and its id with it.
    """
    length = len(next(iter(columns.values())))
    by_name: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    named = [(by_name[name], values) for name, values in columns.items()]
    rest = [field for name, field in by_name.items() if not field.primary_key and name not in columns]
    named += [(field, [field.get_default()] * length) for field in rest if not field.has_db_default()]
    ids: list[int] = []
    for first in range(0, length, BATCH):
        batch = [(field, values[first : first + BATCH]) for field, values in named]
        with connection.cursor() as cursor:
            cursor.execute(*_insert(model._meta, batch, ignore_conflicts=ignore_conflicts))
            ids += [row[0] for row in cursor.fetchall()]
    return ids


def create(rows: Sequence[models.Model]) -> None:
    """`insert` for new rows of one model, every field of which has a value; they get their ids."""
    if not rows:
        return
    fields = [field for field in type(rows[0])._meta.concrete_fields if not field.primary_key]
    ids = insert(type(rows[0]), {field.attname: [getattr(row, field.attname) for row in rows] for field in fields})
    for row, pk in zip(rows, ids, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias


class Among(Func):
    """`column = ANY(array)`, the array in its text form."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def among(column: str, ids: Iterable[int]) -> Among:
    """A condition for `filter`: the column is one of these ids. It is what `__in` says, without its work a value."""
    return Among(F(column), Value("{" + ",".join(map(str, ids)) + "}"))


def together(*parts: tuple["models.QuerySet[Any]", Sequence[Any]]) -> list[list[Any]]:
    """The rows of several querysets, each with as many columns of the same types, in one query; no order is kept.

    A column is the name of a field or an expression.
    """
    asked = [
        rows.order_by().values_list(Value(n, models.IntegerField()), *columns)
        for n, (rows, columns) in enumerate(parts)
    ]
    found: list[list[Any]] = [[] for _ in parts]
    for part, *row in asked[0].union(*asked[1:], all=True):
        found[part].append(row)
    return found


def _update(meta: Any, ids: Sequence[int], columns: Given) -> tuple[str, list[Any]]:
    """For many rows foreign keys are checked at each statement's end for the rest of the transaction, not all at its
    end: a row trigger that catches an exception (that of the history does) looks through all checks put off so far,
    which takes time that grows with the square of the rows."""
    table, key = map(connection.ops.quote_name, (meta.db_table, meta.pk.column))
    shared, varying, arrays = _parted([(meta.pk, ids), *columns])
    assigned = [f"{_name(field)} = %s::{_type(field)}" for field, _ in shared]
    assigned += [f"{_name(field)} = v.{_name(field)}" for field in varying[1:]]
    checks = "SET CONSTRAINTS ALL IMMEDIATE; " if len(ids) >= MANY else ""
    text = (
        f"{checks}UPDATE {table} t SET {', '.join(assigned)} "  # noqa: S608 - names of our own tables and columns
        f"FROM unnest({_listed(varying)}) AS v ({', '.join(map(_name, varying))}) WHERE t.{key} = v.{key}"
    )
    return text, [*(value for _, value in shared), *arrays]


def _insert(meta: Any, columns: Given, *, ignore_conflicts: bool) -> tuple[str, list[Any]]:
    table, key = map(connection.ops.quote_name, (meta.db_table, meta.pk.column))
    shared, varying, arrays = _parted(columns)
    names = ", ".join(map(_name, [*(field for field, _ in shared), *varying]))
    values = ", ".join([*(f"%s::{_type(field)}" for field, _ in shared), *(f"v.{_name(field)}" for field in varying)])
    text = (
        f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608 - names of our own tables and columns
        f"FROM unnest({_listed(varying)}) AS v ({', '.join(map(_name, varying))}) "
        f"{'ON CONFLICT DO NOTHING ' if ignore_conflicts else ''}RETURNING {key}"
    )
    return text, [*(value for _, value in shared), *arrays]


def _parted(columns: Given) -> tuple[Given, list[Any], list[Any]]:
    """Columns of one value with it, and the others with their arrays; the first is always among the others."""
    (first, values), *others = columns
    shared, varying, arrays = [], [first], [_array(first, values)]
    for field, listed in others:
        # in JSON 1 and true are not one value, to Python they are; nothing is nothing in both
        comparable = not isinstance(field, models.JSONField) or listed[0] in ({}, [], None)
        if comparable and listed.count(listed[0]) == len(listed):
            shared.append((field, _prepared(field, listed[:1])[0]))
        else:
            varying.append(field)
            arrays.append(_array(field, listed))
    return shared, varying, arrays


def _name(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))


def _type(field: Any) -> str:
    """The column's type without what holds for a column only (serial, length)."""
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)).split("(")[0]


def _listed(fields: Sequence[Any]) -> str:
    return ", ".join(f"%s::{_type(field)}[]" for field in fields)


def _prepared(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """As the driver takes them; numbers, and the texts of text fields, are so already."""
    if isinstance(field, models.JSONField):
        return [None if value is None else json.dumps(value, cls=field.encoder) for value in values]
    kinds = set(map(type, values))
    if kinds <= _NUMBERS or (kinds <= _TEXTS and isinstance(field, models.CharField | models.TextField)):
        return values
    return [field.get_db_prep_save(value, connection) for value in values]


def _array(field: Any, values: Sequence[Any]) -> Any:
    """Numbers and texts in the text form of an array, which the server reads much faster than a list of constants."""
    prepared = _prepared(field, values)
    kinds = set(map(type, prepared))
    if kinds <= _NUMBERS:
        return "{" + ",".join("NULL" if value is None else str(value) for value in prepared) + "}"
    if kinds <= _TEXTS:
        return "{" + ",".join("NULL" if value is None else _quoted(value) for value in prepared) + "}"
    return list(prepared)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
