"""Cohorts and clients of high value in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.choices import Choice
from feedback.packages import Advice, Habits, Limits, advice
from feedback.presentation.dashboard import address, rows_of
from feedback.presentation.kpis import SMALL_SAMPLE
from feedback.selectors.clients import MONTHS, Cohort, Valued
from staffing.core.templatetags.formats import NOTHING, percent_text

Item = dict[str, Any]
OFFER = {
    Advice.REPAIR: gettext_lazy("先修复关系"),
    Advice.SPECIAL: gettext_lazy("特选人才池"),
    Advice.TEAM: gettext_lazy("固定团队 + 应急替补"),
    Advice.KEEP: gettext_lazy("保持固定团队"),
    Advice.WATCH: gettext_lazy("保持标准"),
}
KIND = {Advice.REPAIR: "danger", Advice.SPECIAL: "accent", Advice.TEAM: "accent", Advice.KEEP: "success"}
# Shades of the cohort table, by tenths of a share.
SHADES = 5


def cohorts(found: Sequence[Cohort], choice: Choice) -> Item:
    """One line per month of signing: the share of its clients that ordered, by months since."""
    ages = range(max((len(one.ordered) for one in found), default=0))
    lines = [
        {
            "name": f"{one.month:%Y-%m}",
            "size": one.size,
            "small": one.size < SMALL_SAMPLE,
            "cells": [_share(one, age, choice) for age in ages],
        }
        for one in found
    ]
    return {"lines": lines, "ages": list(ages), "months": MONTHS}


def _share(one: Cohort, age: int, choice: Choice) -> Item:
    if age >= len(one.ordered):
        return {"value": "", "shade": ""}
    share = one.ordered[age] / one.size
    return {
        "value": percent_text(share, 0),
        "n": one.ordered[age],
        "shade": f"shade-{round(share * SHADES)}",
        "url": address("dashboard-cohort", choice, month=f"{one.month:%Y-%m}", age=age),
    }


def valued(found: Sequence[Valued], choice: Choice) -> list[Item]:
    """One line per client: how often, how steadily, whether again, and what to offer and why."""
    limits = _limits(choice)
    return [_valued(one, choice, limits) for one in found]


def _limits(choice: Choice) -> Limits:
    loop = choice.loop
    return Limits(
        loop.team_orders,
        loop.team_weeks_percent,
        loop.special_orders_percent,
        float(loop.repair_stars),
        SMALL_SAMPLE // 2,
    )


def _valued(one: Valued, choice: Choice, limits: Limits) -> Item:
    habits = one.habits
    what = advice(habits, limits)
    return {
        "name": one.name,
        "value": one.value.label,
        "url": address("dashboard", choice, client=one.pk),
        "orders": habits.orders,
        "stability": percent_text(habits.stability, 0),
        "weeks": f"{habits.active_weeks} / {habits.weeks}",
        "again": percent_text(habits.again / habits.asked, 0) if habits.asked else NOTHING,
        "asked": habits.asked,
        "stars": f"{habits.stars:.2f}" if habits.stars is not None else NOTHING,
        "reviews": habits.reviews,
        "reviews_url": rows_of("satisfaction", choice, client=one.pk),
        "offer": OFFER[what],
        "kind": KIND.get(what, "neutral"),
        "why": _why(what, habits, limits),
    }


def _why(what: Advice, habits: Habits, limits: Limits) -> str:
    if what is Advice.REPAIR:
        return _("满意度 %(stars)s，低于 %(limit)s：先回访并解决问题，再谈升级。") % {
            "stars": f"{habits.stars:.2f}",
            "limit": f"{limits.repair_stars:.1f}",
        }
    if what is Advice.SPECIAL:
        return _("%(n)s 单中有 %(special)s 单要求少见的组合：为其建专属人才池。") % {
            "n": habits.orders,
            "special": habits.special,
        }
    if what is Advice.KEEP:
        return _("%(n)s 单中有 %(team)s 单已用固定团队。") % {"n": habits.orders, "team": habits.team}
    if what is Advice.TEAM:
        return _("%(n)s 单，%(weeks)s 周中有 %(active)s 周下单：用量稳定，同一批人最合适。") % {
            "n": habits.orders,
            "weeks": habits.weeks,
            "active": habits.active_weeks,
        }
    return _("用量还不稳定（%(weeks)s 周中有 %(active)s 周下单），暂不升级。") % {
        "weeks": habits.weeks,
        "active": habits.active_weeks,
    }
