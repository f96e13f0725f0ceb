"""The part of a training session's page that belongs to the orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders.selectors.desk import session_clashes as reads
from orders.views.desk.common import DESK, wants_part
from staffing.core.access import access
from workers.models import TrainingSession


@access(*DESK)
def clashes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the session has a shift at that time; nothing if nobody has."""
    session = get_object_or_404(TrainingSession.objects.select_related("course"), pk=pk)
    context = {"session": session, "works": reads.clashes(session)}
    part = "orders/_desk_session_clashes.html"
    return render(request, part if wants_part(request) else "orders/desk_session_clashes.html", context)
