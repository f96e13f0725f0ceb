"""The one kind of API view: restricted reads, and commands that call one service each."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.viewsets import GenericViewSet

from staffing.core import clock
from staffing.core.actors import Actor, actor_of
from staffing.core.api.idempotency import answer_once
from staffing.core.api.permissions import RoleAllowed
from staffing.core.idempotency import Answer
from staffing.core.models import User

M = TypeVar("M", bound=Model)
Input = type[Serializer[Any]]


class RoleViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[M]):
    """Lists and shows what `visible` lets a person see. `queryset` only tells the schema which model it is."""

    access_roles: frozenset[str]
    permission_classes = [RoleAllowed]
    lookup_value_regex = r"\d+"
    list_serializer_class: type[BaseSerializer[Any]] | None = None

    def visible(self, user: User) -> QuerySet[M]:
        """What this person may see at all; everything else is 404 for them."""
        raise NotImplementedError

    def listed(self, found: QuerySet[M]) -> QuerySet[M]:
        """With all that a row of the list shows."""
        return self.detailed(found)

    def detailed(self, found: QuerySet[M]) -> QuerySet[M]:
        """With all that one object shows."""
        return found

    def get_queryset(self) -> QuerySet[M]:
        """For lists and single objects; the schema is made without a person."""
        if getattr(self, "swagger_fake_view", False):
            return cast(QuerySet[M], cast(Any, self).queryset)
        assert isinstance(self.request.user, User)
        found = self.visible(self.request.user)
        return self.listed(found) if self.action == "list" else self.detailed(found)

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Lists may show less."""
        return (self.list_serializer_class if self.action == "list" else None) or super().get_serializer_class()

    def valid(self, takes: Input | None) -> dict[str, Any]:
        """The body, checked; a `ValidationError` names every field."""
        if takes is None:
            return {}
        entered = takes(data=self.request.data, context=self.get_serializer_context())
        entered.is_valid(raise_exception=True)
        return dict(entered.validated_data)

    def act(
        self, call: Callable[[Actor, datetime], int], request: Request, *, status: int = 200, key_required: bool = False
    ) -> Response:
        """Call a service and show the object it returns the id of, as it is now."""
        assert isinstance(request.user, User)
        by, now = actor_of(request.user), clock.now()

        def make() -> Answer:
            changed = self.get_queryset().get(pk=call(by, now))
            return Answer(status, self.get_serializer(changed).data)

        return answer_once(request, make, now=now, required=key_required, view=self)


Command = Callable[[Any, Any, dict[str, Any], Actor, datetime], None]


def command(*roles: str, takes: Input | None = None) -> Callable[[Command], Any]:
    """A POST below an object for these roles: load, check the body against `takes`, call the service, show the object.

    The decorated method gets `(object, body, by, now)` and calls one service. `check_in` is found at `check-in/`.
    """

    def decorate(method: Command) -> Any:
        @wraps(method)
        def handler(view: RoleViewSet[Any], request: Request, pk: str) -> Response:
            assert isinstance(request.user, User)
            subject = get_object_or_404(view.visible(request.user), pk=pk)
            data = view.valid(takes)

            def call(by: Actor, now: datetime) -> int:
                method(view, subject, data, by, now)
                return int(subject.pk)

            return view.act(call, request)

        path = method.__name__.replace("_", "-")
        routed = action(detail=True, methods=["post"], url_path=path, access_roles=frozenset(map(str, roles)))
        return extend_schema(request=takes)(routed(handler))

    return decorate
