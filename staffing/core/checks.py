"""House rules that stop the start."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("staffing.", "workers.", "orders.", "feedback.")


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern with its whole route."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def access_roles(callback: Any) -> frozenset[str] | None:
    """The declared rule of a view or of an API class; None if it has none."""
    return getattr(callback, "access_roles", None) or getattr(getattr(callback, "cls", None), "access_roles", None)


@register()
def every_view_has_an_access_rule(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """E001: a view of this project that does not say who may open it."""
    return [
        Error(f"{route}: no access rule", hint="Decorate it with access() or public().", id="staffing.E001")
        for route, pattern in patterns()
        if (pattern.callback.__module__ or "").startswith(OURS) and access_roles(pattern.callback) is None
    ]
