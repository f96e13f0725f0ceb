"""The part of a person's page that belongs to the orders."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.forms_desk import ReasonForm
from orders.selectors.desk.people import shifts_of
from orders.services import removals
from orders.views.desk.common import DESK, attempt, wants_part
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from workers.models import Worker
from workers.services.standing import REMOVED


@access(*DESK)
def person_shifts(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's recent and coming shifts; what they still hold if they are no longer sent."""
    return _shifts(request, _person(pk), ReasonForm(initial={"reason": _("已不再派单")}))


def _person(pk: int) -> Worker:
    return get_object_or_404(Worker.objects.select_related("user"), pk=pk)


def _shifts(request: HttpRequest, person: Worker, form: ReasonForm) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {"person": person, "works": shifts_of(person.pk, now), "now": now, "form": form}
    if person.status in REMOVED:
        context |= {"held": removals.held(person.pk, now), "benches": removals.standing_by(person.pk, now)}
    part = "orders/_desk_person_shifts.html" if wants_part(request) else "orders/desk_person_shifts.html"
    return render(request, part, context, status=422 if form.errors else 200)


@access(*DESK, methods="POST")
def release_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that somebody who is no longer sent holds goes to others."""
    person, form, now = _person(pk), ReasonForm(request.POST), clock.now()
    if not attempt(
        form, lambda: removals.release_all(pk, by=acting(request), now=now, reason=form.cleaned_data["reason"])
    ):
        return _shifts(request, person, form)
    messages.success(request, _("已全部释放，正在找替补。"))
    return redirect("workers:person", pk)
