"""The worker's papers on the phone: what they hold, until when, and a picture of what is new or renewed."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt, form_page
from staffing.core.models import Role
from workers.forms_papers import ChooseForm, SecretForm, SendForm, subject_of
from workers.models import VaultEntry
from workers.selectors import papers as reads
from workers.services import papers, vault
from workers.views.me import my_worker


@access(Role.WORKER)
def mine(request: HttpRequest) -> HttpResponse:
    """What I hold, verified or not, until when."""
    worker, now = my_worker(request), clock.now()
    return render(request, "workers/my_papers.html", {"worker": worker, "held": reads.held_by(worker, now)})


@access(Role.WORKER)
def new(request: HttpRequest) -> HttpResponse:
    """What the picture is to prove; then the picture."""
    chosen = request.GET.get("about")
    if chosen and subject_of(chosen):
        return redirect(f"{reverse('workers:my-paper-send')}?{urlencode({'about': chosen})}")
    form = ChooseForm(request.GET if chosen is not None else None)
    return form_page(request, "workers/my_paper_new.html", form, {})


@access(Role.WORKER, methods="GET POST")
def send(request: HttpRequest) -> HttpResponse:
    """A picture for one thing (`about`), new or in place of one that runs out."""
    worker, now, named = my_worker(request), clock.now(), subject_of(request.GET.get("about", ""))
    if named is None:
        return redirect("workers:my-paper-new")
    form = SendForm(*named, request.POST or None, request.FILES or None)

    def deed() -> None:
        data = form.cleaned_data
        papers.send(worker.pk, form.claim(), data["photo"], remark=data["remark"], by=acting(request), now=now)

    if attempt(form, deed):
        messages.success(request, _("已上传，审核结果会通知您。"))
        return redirect("workers:my-papers")
    return form_page(request, "workers/my_paper_send.html", form, {"subject": named[1]})


@access(Role.WORKER, methods="POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a paper back that nobody has decided about."""
    found = get_object_or_404(reads.shown_to(acting(request).user), pk=pk)
    papers.withdraw(found.pk, by=acting(request), now=clock.now())
    messages.success(request, _("已撤回。"))
    return redirect("workers:my-papers")


@never_cache
@access(Role.WORKER)
def secrets(request: HttpRequest) -> HttpResponse:
    """One's identity number and bank account, by their ends."""
    return render(request, "workers/my_secrets.html", {"kept": reads.kept_of(my_worker(request))})


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@access(Role.WORKER, methods="GET POST")
def secret(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter or change one of them."""
    worker, now = my_worker(request), clock.now()
    label: Any = VaultEntry.Kind(kind).label
    form = SecretForm(label, request.POST or None)
    if attempt(form, lambda: vault.put(worker.pk, kind, form.cleaned_data["number"], by=acting(request), now=now)):
        messages.success(request, _("已加密保存。"))
        return redirect("workers:my-secrets")
    return form_page(request, "workers/my_secret.html", form, {"label": label, "kind": kind})
