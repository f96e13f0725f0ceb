"""Figures about people in plain words, in the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from staffing.core.templatetags.formats import day_text
from workers.models import Level, Proposal, ServiceType, Track


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: its words, and the services it stands on."""

    text: str
    services: list[str]


def reasons(rows: Iterable[Mapping[str, Any]]) -> list[Why]:
    """The reasons of a watch."""
    return [Why(_reason(row), [_service(one) for one in row.get("services", ())]) for row in rows]


def _reason(row: Mapping[str, Any]) -> str:
    said = {"have": row["have"], "need": row["need"], "n": row["n"]}
    words = {
        "no_show": _("最近 %(n)s 次服务中，未到岗占 %(have)s%%（门槛 %(need)s%%）"),
        "late": _("最近 %(n)s 次服务中，迟到占 %(have)s%%（门槛 %(need)s%%）"),
        "cancel": _("最近 %(n)s 次服务中，临时取消占 %(have)s%%（门槛 %(need)s%%）"),
        "rating": _("最近 %(n)s 次评分平均 %(have)s 星（门槛 %(need)s 星）"),
    }
    return words[row["figure"]] % said


def _service(row: Mapping[str, str]) -> str:
    said = {"day": day_text(date.fromisoformat(row["day"])), "title": row["title"], "stars": row.get("stars", "")}
    return (_("%(day)s %(title)s · %(stars)s 星") if said["stars"] else "%(day)s %(title)s") % said


def evidence(rows: Iterable[Mapping[str, Any]]) -> list[Why]:
    """What speaks for a proposal."""
    return [_watched(row) if row["code"] == "watched" else Why(need(row["code"], row), []) for row in rows]


def _watched(row: Mapping[str, Any]) -> Why:
    said = {"kind": ServiceType(row["service_type"]).label, "n": row["days"]}
    words = _("%(kind)s：考察 %(n)s 天未改善") % said
    return Why(words, [why.text for why in reasons(row["reasons"])])


def need(code: str, row: Mapping[str, Any]) -> str:
    """One thing that is needed, and how much of it is there."""
    words = {
        "services": _("完成服务 %(have)s 次（需 %(need)s 次）"),
        "stars": _("星级得分 %(have)s（需 %(need)s）"),
        "months": _("在岗 %(have)s 个月（需 %(need)s 个月）"),
        "reliability": _("到岗可靠度 %(have)s%%（需 %(need)s%%）"),
        "course": _("通过课程：%(need)s"),
    }
    return words[code] % {"have": row["have"], "need": row["need"]}


def step(track: str, level: str) -> str:
    """A place on the ladder: 客服 · 高级."""
    return f"{Track(track).label} · {Level(level).label}"


def proposed(row: Proposal) -> str:
    """What is proposed."""
    kind = str(row.get_kind_display())
    return f"{kind} → {step(row.track, row.level)}" if row.level else kind
