"""The part of a person's page that belongs to the orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders.selectors.desk.people import shifts_of
from orders.views.desk.common import DESK, wants_part
from staffing.core import clock
from staffing.core.access import access
from workers.models import Worker


@access(*DESK)
def person_shifts(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's recent and coming shifts."""
    person, now = get_object_or_404(Worker.objects.select_related("user"), pk=pk), clock.now()
    context = {"person": person, "works": shifts_of(person.pk, now), "now": now}
    part = "orders/_desk_person_shifts.html"
    return render(request, part if wants_part(request) else "orders/desk_person_shifts.html", context)
