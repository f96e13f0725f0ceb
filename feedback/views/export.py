"""Lists of cases as files."""

from django.http import HttpRequest, HttpResponseBase

from feedback import exports, permissions
from feedback.filters import CaseFilter
from feedback.selectors import cases as selectors
from feedback.views.desk import AGENCY
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(*AGENCY)
def board(request: HttpRequest) -> HttpResponseBase:
    """The board as filtered on its page."""
    now = clock.now()
    found = CaseFilter(request.GET, queryset=selectors.board(now), request=request)
    return export.answer(request, exports.CASES, selectors.in_group(found.qs, found.state_name), now)


@access(Role.CLIENT)
def client_cases(request: HttpRequest) -> HttpResponseBase:
    """The client's own cases, newest first."""
    found = (
        permissions.cases_of_client(acting(request).user).select_related("order", "complaint").order_by("-opened_at")
    )
    return export.answer(request, exports.CLIENT_CASES, found, clock.now())
