"""The survey behind a signed link: no login, no cookie needed, nothing kept by browsers or told to other sites.

Not guarded against cross-site requests: the link itself is the secret, and with `no-referrer` browsers send the
origin `null`, which the guard would refuse.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from feedback import permissions
from feedback.forms_survey import SurveyForm
from feedback.models import LoopPolicy, Survey
from feedback.services import surveys
from feedback.services.surveys import LinkInvalid
from staffing.core import clock, limits
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.linked import in_language, private, wants_language
from staffing.core.models import Role
from staffing.core.private_files import answer as picture

TOO_MANY = 429


@csrf_exempt
@public(methods="GET POST")
@private
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, keep the answer, say thanks, let it be changed; a link that does not work says so and no more."""
    if wants_language(request):
        return in_language(request)
    now = clock.now()
    try:
        found = surveys.survey_of(token, now)
    except LinkInvalid as error:
        return _closed(request, error, now)
    editing = "edit" in request.GET or "edit" in request.POST
    if found.answered_at is None or (editing and surveys.is_editable(found, now, LoopPolicy.current())):
        return _ask(request, found, now)
    return _thanks(request, found, now)


def _closed(request: HttpRequest, error: LinkInvalid, now: datetime) -> HttpResponse:
    """Why the link does not work; whoever tries many is told to wait."""
    status, words = error.status, str(error)
    if error.code == "link_invalid" and not _patient(request, now):
        status, words = TOO_MANY, _("无效链接打开次数过多，请一小时后再试，或联系您的客户经理。")
    return render(request, "feedback/survey_closed.html", {"error": words, "code": error.code}, status=status)


def _patient(request: HttpRequest, now: datetime) -> bool:
    """Count one more link that is none from this address; whether that is within the policy."""
    most = LoopPolicy.current().survey_guesses_an_hour
    return limits.within(f"survey:{get_client_ip_address(request)}", most, now)


def _thanks(request: HttpRequest, found: Survey, now: datetime) -> HttpResponse:
    policy = LoopPolicy.current()
    assert found.answered_at is not None
    until = found.answered_at + timedelta(hours=policy.survey_edit_hours)
    context = {"survey": found, "edit_until": until if surveys.is_editable(found, now, policy) else None}
    return render(request, "feedback/survey_thanks.html", context | _face(found))


def _ask(request: HttpRequest, found: Survey, now: datetime) -> HttpResponse:
    form = SurveyForm(request.POST or None, request.FILES or None, survey=found)
    if request.method == "POST" and form.is_valid() and _kept(form, found, now):
        return redirect(request.path)
    context = {"survey": found, "form": form, "held": found.held.select_related("order")}
    status = 422 if form.errors else 200
    return render(request, "feedback/survey.html", context | _face(found), status=status)


def _kept(form: SurveyForm, found: Survey, now: datetime) -> bool:
    keep = surveys.answer if found.answered_at is None else surveys.edit
    try:
        keep(found.pk, form.answers(), now, form.safe)
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error))
    return not form.errors


def _face(found: Survey) -> dict[str, Any]:
    """Whose survey it is: the client's name, and whether there is a logo."""
    channel = getattr(found.client, "survey_channel", None)
    return {"client": found.client, "has_logo": bool(channel and channel.logo_small)}


@public()
@private
def logo(request: HttpRequest, token: str) -> HttpResponse:
    """The client's logo for whoever has the link."""
    now = clock.now()
    try:
        found = surveys.survey_of(token, now)
    except LinkInvalid as error:
        return _closed(request, error, now)
    channel = getattr(found.client, "survey_channel", None)
    return picture(channel.logo_small if channel else "")


@access(Role.CLIENT)
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """From the inbox, which keeps no secret, to the survey."""
    found = get_object_or_404(permissions.surveys_of_client(acting(request).user), pk=pk)
    response = redirect("feedback:survey", surveys.token_of(found))
    response["Referrer-Policy"] = "no-referrer"
    return response
