"""Logging in and out, and where each role lands."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from staffing.core import phones
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.models import Role

HOMES = {
    Role.CLIENT: "orders:client-home",
    Role.DISPATCHER: "orders:desk",
    Role.WORKER: "orders:my-today",
    Role.MANAGER: "feedback:dashboard",
}


class LoginForm(AuthenticationForm):
    """Phone number and password."""

    error_messages = {  # the base class declares it so
        "invalid_login": _("手机号或密码不正确。"),
        "inactive": _("此账号已停用，请联系管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Room for +86, spaces and hyphens, which people type.
        field = self.fields["username"]
        field.label, field.max_length = _("手机号"), 24  # type: ignore[attr-defined]
        field.widget.attrs |= {"inputmode": "tel", "maxlength": 24, "autocomplete": "username"}


@method_decorator(public(methods="GET POST"), name="dispatch")
class Login(views.LoginView):
    """The login page."""

    authentication_form = LoginForm
    redirect_authenticated_user = True


@method_decorator(access(methods="POST"), name="dispatch")
class Logout(views.LogoutView):
    """Leave."""


login = public(methods="GET POST")(Login.as_view())
logout = access(methods="POST")(Logout.as_view())


@access()
def home(request: HttpRequest) -> HttpResponse:
    """Each role's own page."""
    return redirect(HOMES[Role(acting(request).role)])


def account_of(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """One name per account for the login guard: the same number written in another way is the same account."""
    typed = str((credentials or {}).get("username") or (request.POST.get("username", "") if request else ""))
    try:
        return phones.normalise(typed)
    except phones.InvalidPhoneError:
        return typed[:50]


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: say when to try again, not whether the number exists."""
    form = LoginForm(request)
    return render(request, "registration/login.html", {"form": form, "throttled": True}, status=429)
