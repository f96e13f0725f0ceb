"""The survey behind a signed link: no login, no cookie needed, nothing kept by browsers or told to other sites.

Not guarded against cross-site requests: the link itself is the secret, and with `no-referrer` browsers send the
origin `null`, which the guard would refuse.
"""

from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from feedback.forms import SurveyForm
from feedback.models import Survey
from feedback.services import surveys
from feedback.services.surveys import LinkInvalid
from staffing.core import clock
from staffing.core.access import View, public
from staffing.core.errors import Invalid


def _private(view: View) -> View:
    """Keep the link out of caches, and out of what other sites are told."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        assert isinstance(response, HttpResponse)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


@csrf_exempt
@public(methods="GET POST")
@_private
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, keep the answer, say thanks; a link that does not work says so and no more."""
    if request.GET.get("lang") in dict(settings.LANGUAGES):
        return _in_language(request)
    now = clock.now()
    try:
        found = surveys.survey_of(token, now)
    except LinkInvalid as error:
        return render(request, "feedback/survey_closed.html", {"error": error}, status=error.status)
    if found.answered_at is not None:
        return render(request, "feedback/survey_thanks.html", {"survey": found})
    return _ask(request, found, now)


def _in_language(request: HttpRequest) -> HttpResponse:
    response = redirect(request.path)
    secure = settings.LANGUAGE_COOKIE_SECURE
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.GET["lang"], secure=secure, samesite="Lax")
    return response


def _ask(request: HttpRequest, found: Survey, now: datetime) -> HttpResponse:
    form = SurveyForm(request.POST or None, served=surveys.served(found.order))
    if request.method == "POST" and form.is_valid() and _answered(form, found, now):
        return redirect(request.path)
    status = 422 if form.errors else 200
    return render(request, "feedback/survey.html", {"survey": found, "form": form}, status=status)


def _answered(form: SurveyForm, found: Survey, now: datetime) -> bool:
    try:
        surveys.answer(found.pk, form.answers(), now)
    except Invalid as error:
        form.add_error(None, str(error))
    return not form.errors
