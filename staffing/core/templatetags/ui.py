"""Tags and filters of the product's pages: `{% load ui %}`. How to use them: docs/components.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.money import Amount
from staffing.core.templatetags import charts, formats

register = template.Library()

Kind = Literal["neutral", "info", "success", "warning", "danger", "accent"]
KINDS: frozenset[str] = frozenset(get_args(Kind))


@register.filter
def zh_date(value: date | datetime | None) -> str:
    """11月25日 周三 / Wed 25 Nov."""
    return formats.day_text(value)


@register.filter
def zh_date_year(value: date | datetime | None) -> str:
    """2026年11月25日 周三 / Wed 25 Nov 2026."""
    return formats.day_text(value, year=True)


@register.filter
def zh_datetime(value: datetime | None) -> str:
    """11月25日 周三 22:05 / Wed 25 Nov 22:05."""
    return formats.moment_text(value)


@register.filter
def hm(value: datetime | None) -> str:
    """22:05."""
    return formats.clock_text(value)


@register.simple_tag
def shift_span(start: datetime, end: datetime) -> str:
    """11月25日 周三 22:00–次日 06:00 for `[start, end)`."""
    return formats.span_text(start, end)


@register.simple_tag
def zoned_span(start: datetime, end: datetime, text: str = "") -> SafeString:
    """The same (or another `text`), beside which a phone in another time zone writes its own time."""
    span = '<span data-zone-start="{}" data-zone-end="{}">{}</span>'
    return format_html(span, start.isoformat(), end.isoformat(), text or formats.span_text(start, end))


@register.filter
def money(value: Amount | None) -> str:
    """¥1,234.50."""
    return formats.money_text(value)


@register.filter
def duration(value: timedelta | None) -> str:
    """8 小时 20 分 / 8 h 20 min."""
    return formats.duration_text(value)


@register.filter
def minutes(value: int | None) -> str:
    """A number of minutes as hours and minutes."""
    return formats.duration_text(None if value is None else timedelta(minutes=value))


@register.filter
def percent(value: Decimal | float | None, places: int = 1) -> str:
    """0.964 as 96.4%."""
    return formats.percent_text(value, places)


@register.simple_tag
def server_now() -> str:
    """The product's present moment as ISO 8601, from which the browser's clocks take their offset."""
    return clock.now().isoformat()


@register.simple_tag
def server_time() -> str:
    """The product's present moment as people read a clock: what a kept page says about its age."""
    return formats.clock_text(clock.now())


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite (names: static/icons.txt). Decorative: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" width="24" height="24" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def pill(kind: Kind, text: str, icon_name: str = "") -> SafeString:
    """A small state mark. ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"unknown pill kind: {kind!r}")
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="pill pill-{}">{}{}</span>', kind, drawing, text)


@register.inclusion_tag("components/kpi.html")
def kpi(label: str, value: str, **extra: Any) -> dict[str, Any]:
    """One figure: `unit`, `delta` with `delta_kind`, `sample`, `target`, `note`, `icon`, `trend` (numbers), `href`."""
    return {"label": label, "value": value, "delta_kind": "neutral", **extra}


@register.inclusion_tag("components/score_bar.html")
def score_bar(parts: Iterable[Any], total: Decimal | float, words: str = "", *, legend: bool = False) -> dict[str, Any]:
    """A score as one bar. `parts`: mappings or objects with `label`, `points`, `max`; `words`: the reason."""
    return {"segments": laid_out(parts), "total": total, "words": words, "legend": legend}


@register.inclusion_tag("components/score_legend.html")
def score_legend(parts: Iterable[Any]) -> dict[str, Any]:
    """The colours of score bars, once for many of them, with the most points that each part can give."""
    return {"segments": laid_out(parts)}


def laid_out(parts: Iterable[Any]) -> list[charts.Segment]:
    """The parts of a score side by side."""
    return charts.segments(
        [(str(get(part, "label")), float(get(part, "points")), float(get(part, "max"))) for part in parts]
    )


@register.inclusion_tag("components/steps.html")
def steps(items: Sequence[Any]) -> dict[str, Any]:
    """A progress line. Each item: `label`, `time` (text) and `state`: done, current, todo or failed."""
    return {"items": items}


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[Decimal | float], label: str) -> dict[str, Any]:
    """A line without axes; `label` names the series for those who cannot see it."""
    numbers = [float(value) for value in values]
    return {"points": charts.spark_points(numbers), "text": spark_text(label, numbers)}


def spark_text(label: str, numbers: Sequence[float]) -> str:
    """The words that stand for a sparkline."""
    if not numbers:
        return _("%(label)s：暂无数据") % {"label": label}
    facts = {"label": label, "last": f"{numbers[-1]:g}", "low": f"{min(numbers):g}", "high": f"{max(numbers):g}"}
    return _("%(label)s：最近 %(last)s，最低 %(low)s，最高 %(high)s") % facts


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Mapping[str, Any], page: Any, label: str = "") -> dict[str, Any]:
    """Links to the other pages of a `Page`, keeping the query string. `label`: where one page holds two of them."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    extra = {"request": context["request"], "gap": page.paginator.ELLIPSIS, "label": label}
    return {"page": page, "numbers": list(numbers), **extra}


@register.inclusion_tag("components/stars.html")
def stars(value: Decimal | float | None) -> dict[str, Any]:
    """A rating from 1 to 5, read only; half a star and more is drawn as a whole one."""
    whole = 0 if value is None else int(float(value) + 0.5)
    return {"value": value, "drawn": [number <= whole for number in range(1, 6)]}


@register.filter
def initial(name: str) -> str:
    """The one character that stands for a person: the family name's, or the first letter."""
    return name.strip()[:1].upper() or "?"


def get(part: Any, name: str) -> Any:
    """`name` of a mapping or an object."""
    return part[name] if isinstance(part, Mapping) else getattr(part, name)
