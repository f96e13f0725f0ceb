"""The list of people as a file."""

from django.http import HttpRequest, HttpResponseBase

from staffing.core import clock, export
from staffing.core.access import access
from workers import exports
from workers.filters import PeopleFilter
from workers.selectors import people as reads
from workers.views.people import AGENCY


@access(*AGENCY)
def people(request: HttpRequest) -> HttpResponseBase:
    """The pool as filtered on its page."""
    shown = PeopleFilter(request.GET, queryset=reads.people())
    return export.answer(request, exports.PEOPLE, shown.qs, clock.now())
