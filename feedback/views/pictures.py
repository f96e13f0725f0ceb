"""Pictures of the loop: with an answer, for those who read it; logos, for whoever is asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from feedback import permissions
from orders.services import photos
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.photos import MIME


def picture(name: str) -> HttpResponse:
    """A file of the private store. `Http404` for none, and for one that is gone."""
    try:
        content = photos.read(name) if name else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type=MIME)
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@access(Role.CLIENT, Role.DISPATCHER, Role.MANAGER)
def of_review(request: HttpRequest, pk: int, small: bool) -> HttpResponse:
    """One picture that came with an answer."""
    found = get_object_or_404(permissions.review_photos_for(acting(request).user), pk=pk)
    return picture(found.small if small else found.file)
