"""The desk's pages about files of applicants: upload, say what the columns are, look, run, mend."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from workers.forms_sources import MappingForm, UploadForm
from workers.import_columns import MEANINGS
from workers.models import ImportFile
from workers.selectors import sources as reads
from workers.services import importing
from workers.views.people import AGENCY

PAGE = 20


@access(*AGENCY, methods="GET POST")
def listing(request: HttpRequest) -> HttpResponse:
    """Files that came, and a place for the next one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (kept := _uploaded(request, form)):
        return redirect("workers:import", pk=kept.pk)
    page = Paginator(reads.imports(), PAGE).get_page(request.GET.get("page"))
    return render(request, "workers/imports.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def _uploaded(request: HttpRequest, form: UploadForm) -> ImportFile | None:
    """The kept file; None with the form's errors."""
    if not form.is_valid():
        return None
    given, by = form.cleaned_data, acting(request)
    sent, source = given["file"], given["source"]
    try:
        return importing.upload(sent.file, sent.name, source=source, partner=given["partner"], by=by, now=clock.now())
    except Invalid as error:
        form.add_error("file", str(error))
        return None


@access(*AGENCY)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what its columns are, how far it has come, or what became of it."""
    found = get_object_or_404(reads.imports(), pk=pk)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workers/_import_progress.html", {"file": found})
    return _page(request, found, MappingForm(found))


def _page(request: HttpRequest, found: ImportFile, form: MappingForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"file": found}
    if found.started_at is None and found.file:
        seen = importing.preview(found, clock.now())
        lines = [(told, reads.words(told.errors), importing.shown(found, told.row)) for told in seen]
        context |= {
            "form": form,
            "lines": lines,
            "heads": [MEANINGS[field].label for field in importing.fields_of(found)],
        }
    elif found.bad and found.file:
        context["bad"] = [(row.line, reads.words(row.errors)) for row in reads.bad(found)]
    return render(request, "workers/import.html", context, status=status)


@access(*AGENCY, methods="POST")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column is."""
    found = get_object_or_404(reads.imports(), pk=pk)
    form = MappingForm(found, request.POST)
    if form.is_valid():
        try:
            importing.remap(found.pk, form.mapping())
            return redirect("workers:import", pk=pk)
        except Invalid as error:
            form.add_error(None, str(error))
    return _page(request, found, form, 422)


@access(*AGENCY, methods="POST")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Run the whole file."""
    importing.start(get_object_or_404(ImportFile, pk=pk).pk, by=acting(request), now=clock.now())
    return redirect("workers:import", pk=pk)


@access(*AGENCY)
def bad(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that were refused, as a file to mend and send again."""
    found = get_object_or_404(ImportFile, pk=pk)
    if not found.file:
        raise Http404
    table = reads.bad_table(found, _("待修改的行"), _("原因"))
    return export.answer(request, table, importing.bad_rows(found), clock.now())
