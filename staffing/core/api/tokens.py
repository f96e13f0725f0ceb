"""Tokens: one a person, with that person's role. Guarded against guessing like the login page."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from staffing.core.access import PUBLIC
from staffing.core.api.fields import Body
from staffing.core.models import Role, User


class CredentialsBody(Body):
    """Phone number, however it is written, and password."""

    phone = serializers.CharField(max_length=24)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer[Any]):
    """What to send as `Authorization: Token …`, and whose it is."""

    token = serializers.CharField(source="key")
    role = serializers.ChoiceField(choices=Role.choices, source="user.role")
    name = serializers.CharField(source="user.name")


class LockedOut(Throttled):
    """Too many wrong passwords for this number from this address."""

    default_detail = _("密码错误次数过多，请稍后再试。")
    extra_detail_singular = extra_detail_plural = ""


def issue(user: User) -> Token:
    """The person's token, made if there is none. Asking again gives the same."""
    return Token.objects.select_related("user").get_or_create(user=user)[0]


def revoke(user: User) -> bool:
    """Make the person's token worthless. False if there was none."""
    return bool(Token.objects.filter(user=user).delete()[0])


def _user_of(request: Request, phone: str, password: str) -> User:
    """Raises 401 for a wrong pair, saying nothing about which part; 429 after too many."""
    user = authenticate(request, username=phone, password=password)
    if getattr(request, "axes_locked_out", False):
        raise LockedOut(wait=get_cool_off().total_seconds())
    if not isinstance(user, User):
        raise AuthenticationFailed(_("手机号或密码不正确。"))
    return user


class TokenView(APIView):
    """Get and give back one's token."""

    access_roles = PUBLIC
    permission_classes = [AllowAny]

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Asking for a token needs none, not even a valid old one."""
        asking = self.request is not None and self.request.method == "POST"
        return [] if asking else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        """A wrong password is 401 as well."""
        return "Token"

    @extend_schema(operation_id="token_create", request=CredentialsBody, responses=TokenSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Get the token for a phone number and a password. Asking again gives the same token."""
        entered = CredentialsBody(data=request.data)
        entered.is_valid(raise_exception=True)
        user = _user_of(request, **entered.validated_data)
        user_logged_in.send(sender=User, request=request, user=user)
        return Response(TokenSerializer(issue(user)).data)

    @extend_schema(operation_id="token_revoke", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Make one's token worthless, wherever it is used."""
        if not isinstance(request.user, User):
            raise NotAuthenticated
        revoke(request.user)
        return Response(status=204)
