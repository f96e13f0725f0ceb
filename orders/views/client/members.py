"""The company and its logins: who may do what, invitations, what it says about itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from orders import permissions
from orders.forms.members import CompanyForm, InviteForm, JoinForm, RightsForm
from orders.models import ClientMember
from orders.selectors import members as reads
from orders.services import members
from orders.views.client.common import UNPROCESSABLE, company, must, rights
from staffing.core import clock, invitations
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role, User

# What is shown once after an invitation, then never again.
SHOWN_ONCE = "invitation"


@access(Role.CLIENT, methods="GET POST")
def profile(request: HttpRequest) -> HttpResponse:
    """What the people who are sent read about the company."""
    client = company(request)
    if request.method != "POST":
        return render(
            request,
            "orders/client_company.html",
            {"client": client, "form": CompanyForm(instance=client)} | rights(request),
        )
    must(request, permissions.may_manage)
    form = CompanyForm(request.POST, instance=client)
    if not form.is_valid():
        return render(
            request,
            "orders/client_company.html",
            {"client": client, "form": form} | rights(request),
            status=UNPROCESSABLE,
        )
    members.describe(client.pk, by=acting(request), now=clock.now(), **form.cleaned_data)
    messages.success(request, _("公司资料已保存。"))
    return redirect("orders:client-company")


@access(Role.CLIENT)
def listed(request: HttpRequest) -> HttpResponse:
    """All logins of the company."""
    must(request, permissions.may_manage)
    return show(request, InviteForm(initial={"may_order": True, "may_approve": True}))


@access(Role.CLIENT, methods="POST")
def invite(request: HttpRequest) -> HttpResponse:
    """A new login; its link is shown once on the list, and sent if there is an address."""
    must(request, permissions.may_manage)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=UNPROCESSABLE)
    given = {name: form.cleaned_data[name] for name in ("name", "phone", "email")}
    try:
        user = members.invite(company(request), rights=form.rights(), by=acting(request), now=clock.now(), **given)
    except Invalid as refusal:
        form.add_error("phone", str(refusal))
        return show(request, form, status=UNPROCESSABLE)
    return with_link(request, user)


@access(Role.CLIENT, methods="POST")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link for somebody who has not set a password yet."""
    member = own_member(request, pk)
    if member.user.has_usable_password() or not member.user.is_active:
        raise Conflict("has_password", _("此成员已设置密码或已停用。"))
    return with_link(request, member.user)


def with_link(request: HttpRequest, user: User) -> HttpResponse:
    """Back to the list, which shows the link this one time."""
    request.session[SHOWN_ONCE] = {"name": user.name, "email": user.email, "link": invitations.link_of(user)}
    return redirect("orders:client-members")


@access(Role.CLIENT, methods="GET POST")
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One login's rights."""
    found = own_member(request, pk)
    form = RightsForm(request.POST) if request.method == "POST" else RightsForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            members.set_rights(pk, form.rights(), by=acting(request), now=clock.now())
            messages.success(request, _("权限已更新。"))
            return redirect("orders:client-members")
        except Conflict as refusal:
            form.add_error(None, str(refusal))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "orders/client_member.html", {"member": found, "form": form}, status=status)


@access(Role.CLIENT, methods="POST")
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a login out (`off`), or let it in again."""
    own_member(request, pk)
    members.set_active(pk, "off" not in request.POST, by=acting(request), now=clock.now())
    messages.success(
        request, _("已停用，此账号不能再登录。") if "off" in request.POST else _("已恢复，此账号可以登录。")
    )
    return redirect("orders:client-members")


def own_member(request: HttpRequest, pk: int) -> ClientMember:
    """A login of the asker's company, or 404; 403 for who may not manage them."""
    found = get_object_or_404(reads.members_of(company(request)), pk=pk)
    must(request, permissions.may_manage)
    return found


def show(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    """The list with the form for somebody new, and a link that was just made."""
    context: dict[str, Any] = {
        "members": reads.members_of(company(request)),
        "form": form,
        "invitation": request.session.pop(SHOWN_ONCE, None),
        "me": acting(request).user,
    }
    return render(request, "orders/client_members.html", context, status=status)


@sensitive_post_parameters()
@public(methods="GET POST")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation leads: set the password, then log in."""
    user = invitations.invited(token)
    if user is None:
        return render(request, "orders/client_join_gone.html", status=404)
    form = JoinForm(user, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "person": user}
        return render(request, "orders/client_join.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    invitations.set_password(token, form.cleaned_data["new_password1"], now=clock.now())
    messages.success(request, _("密码已设置，请登录。"))
    return redirect("login")
