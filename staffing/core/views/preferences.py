"""The reader's language; the theme is kept by the page itself in a cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import check_for_language
from django.views.i18n import set_language as django_set_language

from staffing.core.access import public
from staffing.core.models import User


@public(methods="POST")
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language, and remember it for the person's e-mails."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return django_set_language(request)
