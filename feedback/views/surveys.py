"""The desk's surveys (sent, answered, held, taken back), and how a client wants to be asked."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback import exports_survey, permissions
from feedback.filters_complaints import SurveyFilter
from feedback.forms_survey import ChannelForm
from feedback.models import Survey, SurveyChannel
from feedback.presentation import surveys as wording
from feedback.selectors import surveys as reads
from feedback.services import survey_channels, surveys
from feedback.views.desk import AGENCY
from orders.permissions import companies_of, may_manage, require
from orders.views.desk.common import form_page
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.private_files import answer as picture

PAGE = 20


def _filtered(request: HttpRequest) -> SurveyFilter:
    return SurveyFilter(request.GET, queryset=reads.listed(), request=request)


@access(*AGENCY)
def listed(request: HttpRequest) -> HttpResponse:
    """All of them as filtered, and how many were held."""
    found, now = _filtered(request), clock.now()
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    rows = [(one, wording.state(one, now)) for one in page]
    return render(
        request,
        "feedback/surveys.html",
        {"filter": found, "page": page, "rows": rows, "held": reads.held_back(), "now": now},
    )


@access(*AGENCY)
def exported(request: HttpRequest) -> HttpResponseBase:
    """The list as filtered, as a file."""
    now: datetime = clock.now()
    return export.answer(request, exports_survey.surveys(now), _filtered(request).qs, now)


@access(*AGENCY, methods="POST")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link worthless."""
    found = get_object_or_404(Survey, pk=pk)
    surveys.revoke(found.pk, by=acting(request), now=clock.now())
    messages.success(request, _("链接已撤回。"))
    return redirect("feedback:surveys")


@access(Role.CLIENT, methods="GET POST")
def settings(request: HttpRequest) -> HttpResponse:
    """Where the client's machines listen, and its logo."""
    client = get_object_or_404(companies_of(acting(request).user))
    require(may_manage(acting(request).user))
    channel = SurveyChannel.objects.filter(client=client).first()
    form = ChannelForm(request.POST or None, request.FILES or None, initial={"url": channel.url if channel else ""})
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("url", "without_logo", "new_secret")}
        survey_channels.save(client, **given, logo=form.safe, by=acting(request), now=clock.now())
        messages.success(request, _("调查设置已保存。"))
        return redirect("feedback:client-survey-settings")
    return form_page(request, "feedback/client_survey_settings.html", form, {"channel": channel})


@access(Role.CLIENT)
def own_logo(request: HttpRequest) -> HttpResponse:
    """The company's own logo."""
    found = permissions.channels_of_client(acting(request).user).first()
    return picture(found.logo if found else "")
