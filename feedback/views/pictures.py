"""Pictures of the loop: with an answer, for those who read it; logos, for whoever is asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from feedback import permissions
from staffing.core import private_files
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(Role.CLIENT, Role.DISPATCHER, Role.MANAGER)
def of_review(request: HttpRequest, pk: int, small: bool) -> HttpResponse:
    """One picture that came with an answer."""
    found = get_object_or_404(permissions.review_photos_for(acting(request).user), pk=pk)
    return private_files.answer(found.small if small else found.file)
