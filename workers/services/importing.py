"""Applications from a file: kept once as rows, run in parts that each commit whole, told row by row.

A part and the order for the next one commit together with the mark that it is done: a worker that is killed leaves
nothing half, and nothing is read twice.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Final

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox, private_files, secret_numbers
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.tables import books, staged
from staffing.core.tables.staged import Row
from workers import import_columns as columns
from workers.models import ImportFile, ImportRow, Partner, Worker
from workers.models import SourcePolicy as Policy
from workers.services import applications, import_rows
from workers.services.incoming import in_safe_order

# Rows a transaction: short enough that nobody waits for the phones that it holds.
PART: Final = 100
PREVIEW: Final = 20
# Signs of a cell that the preview shows.
SHOWN: Final = 60
FOLDER: Final = "imports"
BLOCK: Final = 1 << 20
Outcome = ImportRow.Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of a row: outcome, codes by field, the application."""

    row: Row
    outcome: str
    errors: Mapping[str, str]
    application_id: int | None = None


def upload(file: IO[bytes], name: str, *, source: str, partner: Partner | None, by: Actor, now: datetime) -> ImportFile:
    """Read a file and keep its rows, its columns guessed. Raises `Invalid` for one that is too large or no table."""
    policy = Policy.current()
    digest = _digest(file, policy.import_megabytes)
    with tempfile.TemporaryFile() as out:
        found = _staged(file, out, policy.import_rows)
        out.seek(0)
        kept = private_files.store().save(f"{FOLDER}/{digest[:16]}.jsonl", File(out))
    with transaction.atomic():
        row = ImportFile.objects.create(
            name=secret_numbers.hide(name)[-200:],
            file=kept,
            digest=digest,
            encoding=found.encoding,
            delimiter=found.delimiter,
            head=found.head,
            mapping=columns.guess(found.head),
            source=partner.kind if partner else source,
            partner=partner,
            rows=found.rows,
            created_at=now,
        )
        audit.record(row, "upload", by=by, now=now, data={"rows": found.rows, "digest": digest[:16]})
    return row


def _digest(file: IO[bytes], most_megabytes: int) -> str:
    """Of the whole file. Raises `Invalid` if it is too large."""
    file.seek(0, 2)
    if file.tell() > most_megabytes << 20:
        raise Invalid("too_large", _("文件超过 %(most)s MB，请拆分后再上传。"), most=most_megabytes)
    file.seek(0)
    whole = hashlib.sha256()
    while block := file.read(BLOCK):
        whole.update(block)
    return whole.hexdigest()


def _staged(file: IO[bytes], out: IO[bytes], most: int) -> staged.Found:
    try:
        found = staged.stage(file, out, most)
    except staged.TooManyRows:
        raise Invalid("too_many_rows", _("文件超过 %(most)s 行，请拆分后再上传。"), most=most) from None
    except books.Unreadable:
        raise Invalid("unreadable", _("文件无法读取，请另存为 XLSX 或 CSV 后再上传。")) from None
    except ValueError:
        raise Invalid("empty", _("文件是空的。")) from None
    if not found.rows:
        raise Invalid("no_rows", _("文件里除表头外没有内容。"))
    return found


def remap(file_id: int, mapping: Mapping[str, str]) -> ImportFile:
    """What the columns are. Raises `Conflict` once it runs, `Invalid` for a field twice."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        _not_begun(file)
        if len(set(mapping.values())) < len(mapping):
            raise Invalid("twice", _("同一项内容只能对应一列。"))
        file.mapping = dict(mapping)
        file.save(update_fields=["mapping"])
    return file


def _not_begun(file: ImportFile) -> None:
    if file.started_at is not None:
        raise Conflict("begun", _("导入已开始。"))


def fields_of(file: ImportFile) -> list[str]:
    """The fields that have a column, in the order of the table of meanings."""
    return [field for field in columns.MEANINGS if field in file.mapping.values()]


def shown(file: ImportFile, row: Row) -> list[str]:
    """The cells of a row under these fields."""
    cells = columns.cells_by_field(row.cells, file.mapping)
    return [cells[field][:SHOWN] for field in fields_of(file)]


def missing(file: ImportFile) -> list[str]:
    """What every file needs and no column is yet."""
    return [field for field in columns.NEEDED if field not in file.mapping.values()]


def preview(file: ImportFile, now: datetime) -> list[Told]:
    """What would become of the first rows, as far as that is seen without writing; three queries.

    Nothing while name or phone has no column.
    """
    if missing(file) or not file.file:
        return []
    with private_files.store().open(file.file) as kept:
        part = list(islice(staged.rows(kept), PREVIEW))
    resource = import_rows.Rows(file.source, file.partner, now)
    looked = [_look(resource, file, row) for row in part]
    known = _known(file, [phone for _errors, phone in looked if phone])
    return [_seen(row, errors, phone, known) for row, (errors, phone) in zip(part, looked, strict=True)]


def _look(resource: import_rows.Rows, file: ImportFile, row: Row) -> tuple[Mapping[str, str], str]:
    """Codes by field, and the phone of a good row."""
    if row.unclosed:
        return {"": "quote"}, ""
    result = import_rows.run(resource, columns.cells_by_field(row.cells, file.mapping), row.line, look=True)
    errors = import_rows.problems(result)
    return errors, "" if errors else str(result.instance.phone)


def _known(file: ImportFile, phones: Sequence[str]) -> dict[str, str]:
    """What would be said of a phone that is here already."""
    workers = Worker.objects.filter(user__phone__in=phones).values_list("user__phone", flat=True)
    found = dict.fromkeys(workers, Outcome.POSSIBLE.value)
    rows = applications.open_ones().filter(phone__in=phones)
    for phone, source, partner in rows.values_list("phone", "source", "partner"):
        same = (source, partner) == (file.source, file.partner_id)
        found[phone] = Outcome.UNCHANGED if same else found.get(phone, Outcome.POSSIBLE.value)
    return found


def _seen(row: Row, errors: Mapping[str, str], phone: str, known: dict[str, str]) -> Told:
    """One row, after those above it."""
    if errors:
        return Told(row, Outcome.BAD, errors)
    outcome = known.get(phone, Outcome.ADDED)
    known[phone] = Outcome.UNCHANGED
    return Told(row, outcome, {})


@transaction.atomic
def start(file_id: int, *, by: Actor, now: datetime) -> ImportFile:
    """Begin; a repeat changes nothing. Raises `Invalid` while name or phone has no column."""
    file = ImportFile.objects.select_for_update().get(pk=file_id)
    if file.started_at is not None:
        return file
    if lacking := missing(file):
        label = str(columns.MEANINGS[lacking[0]].label)
        raise Invalid("no_column", _("请指出哪一列是%(field)s。"), field=label)
    file.started_at = now
    file.save(update_fields=["started_at"])
    audit.record(file, "start", by=by, now=now)
    _next(file, now)
    return file


def _next(file: ImportFile, now: datetime) -> None:
    payload = {"id": file.pk, "offset": file.offset}
    outbox.publish("import.rows", payload, key=f"{file.pk}:{file.offset}", now=now)


def go_on(file_id: int, offset: int, now: datetime) -> None:
    """Run the rows from an offset on; dropped if another run has come further. In the caller's transaction."""
    file = ImportFile.objects.select_for_update().get(pk=file_id)
    if file.done_at is not None or file.offset != offset or not file.file:
        return
    with private_files.store().open(file.file) as kept:
        part = list(islice(staged.rows(kept, offset), PART))
    told = _run(file, part, now)
    starts = [offset, *(row.next_at for row in part)]
    ImportRow.objects.bulk_create(_kept(file, one, at) for one, at in zip(told, starts, strict=False))
    _count(file, told)
    file.offset = starts[-1]
    if len(part) < PART:
        file.done_at = now
    else:
        _next(file, now)
    file.save()


def _kept(file: ImportFile, told: Told, at: int) -> ImportRow:
    errors, application = dict(told.errors), told.application_id
    return ImportRow(
        file=file, line=told.row.line, offset=at, outcome=told.outcome, errors=errors, application_id=application
    )


def _count(file: ImportFile, told: Sequence[Told]) -> None:
    file.done += len(told)
    for outcome in Outcome.values:
        setattr(file, outcome, getattr(file, outcome) + sum(one.outcome == outcome for one in told))


def _run(file: ImportFile, part: Sequence[Row], now: datetime) -> list[Told]:
    """The rows in their order, run in the order in which phones are locked; of equal phones the first line is first."""
    resource = import_rows.Rows(file.source, file.partner, now)
    cells = [columns.cells_by_field(row.cells, file.mapping) for row in part]
    done: dict[int, Told] = {}
    for at in in_safe_order([each.get("phone", "") for each in cells]):
        done[at] = _one(resource, part[at], cells[at])
    return [done[at] for at in range(len(part))]


def _one(resource: import_rows.Rows, row: Row, cells: Mapping[str, str]) -> Told:
    if row.unclosed:
        return Told(row, Outcome.BAD, {"": "quote"})
    result = import_rows.run(resource, cells, row.line)
    if errors := import_rows.problems(result):
        return Told(row, Outcome.BAD, errors)
    kept = result.instance.done
    outcome = Outcome.UNCHANGED
    if kept.created:
        outcome = Outcome.POSSIBLE if kept.possible_duplicate else Outcome.ADDED
    return Told(row, outcome, {}, kept.application.pk)


def bad_rows(file: ImportFile) -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """The rows that were refused, as they stood in the file, with codes by field."""
    wrong = ImportRow.objects.filter(file=file, outcome=Outcome.BAD).order_by("line")
    with private_files.store().open(file.file) as kept:
        for at, errors in wrong.values_list("offset", "errors"):
            yield next(staged.rows(kept, at)).cells, errors


def sweep(now: datetime) -> int:
    """Delete the rows of files that are older than the policy keeps them; numbers stay. How many."""
    old = now - timedelta(days=Policy.current().import_days)
    rows = list(ImportFile.objects.filter(created_at__lt=old).exclude(file="").values_list("pk", "file"))
    for pk, name in rows:
        ImportRow.objects.filter(file=pk).delete()
        ImportFile.objects.filter(pk=pk).update(file="")
        private_files.remove([name])
    return len(rows)
