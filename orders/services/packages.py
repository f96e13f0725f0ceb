"""How the people of an order are chosen (A8): which package a client gets, and what a package brings with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orders import gates
from orders.models import Client, GateProfile, Package, TeamMember
from orders.services import lessons
from staffing.core.errors import Invalid

if TYPE_CHECKING:
    from orders.services.ordering import OrderSpec

NO_TEAM = _("贵公司还没有固定团队：请在服务过的订单页把满意的员工“加入固定团队”，或改选标准套餐。")
NO_POOL = _("请选择一个可用的特选人才池。")


def has_team(client: Client) -> bool:
    """Whether anybody belongs to the client's fixed team."""
    return TeamMember.objects.filter(client=client).exists()


def usual(team: bool) -> str:
    """The package of an order that names none: the fixed team where there is one."""
    return Package.FIXED_TEAM if team else Package.STANDARD


def check(spec: OrderSpec, *, team: bool) -> None:
    """Raise `Invalid` for a package that a client with or without a `team` cannot have."""
    pool = spec.special_pool
    if spec.package == Package.FIXED_TEAM and not team:
        raise Invalid("no_team", NO_TEAM)
    if spec.package == Package.SPECIAL_POOL and (pool is None or pool.industry or not pool.is_active):
        raise Invalid("no_pool", NO_POOL)


def settled(spec: OrderSpec, client: Client) -> OrderSpec:
    """The order with a package of its own, and all that its pool and earlier lessons ask for. Raises as `check`."""
    team = has_team(client)
    check(spec, team=team)
    spec = gates.merged(spec, lessons.asked_of(client))
    if spec.package != Package.SPECIAL_POOL or spec.special_pool is None:
        return replace(spec, package=spec.package or usual(team), special_pool=None)
    (brought,) = gates.ready_made(GateProfile.objects.filter(pk=spec.special_pool.pk))
    return gates.merged(spec, brought)
