"""People whom a stored answer does not list by name: what it kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders import matching_text as text
from orders.matching.explain import codes_of
from orders.matching.masks import unpack
from orders.models import MatchShift
from orders.selectors.desk import explaining
from workers.models import Worker


@dataclass(frozen=True, slots=True)
class Then:
    """What was true of somebody in the run `at` that moment: whether they suited (None: not kept), and why in words."""

    at: datetime
    suited: bool | None
    words: Sequence[str]


def then_of(match: MatchShift, people: Sequence[Worker]) -> dict[int, Then]:
    """By id, for people who are neither in the ranking nor among the nearest rejected."""
    kept = _kept(match) if people else {}
    return {who.pk: _then(match, who, kept) for who in people}


def _kept(match: MatchShift) -> dict[int, int]:
    """Reasons as bits by person."""
    ids, masks = unpack(match.masks)
    return {int(pk): int(mask) for pk, mask in zip(ids, masks, strict=True)}


def _then(match: MatchShift, who: Worker, kept: dict[int, int]) -> Then:
    if who.pk in kept:
        return Then(match.run.created_at, False, text.brief_texts(codes_of(kept[who.pk])))
    if why := _not_kept(match, kept):
        return Then(match.run.created_at, None, [why])
    if match.ranked_total > len(match.ranked) and who.user.date_joined <= match.run.created_at:
        return Then(match.run.created_at, True, [_("符合条件，但未进入前 %(n)s 名。") % {"n": len(match.ranked)}])
    return Then(match.run.created_at, None, [_("未参与那次匹配。")])


def _not_kept(match: MatchShift, kept: dict[int, int]) -> str:
    """Why the answer knows nothing of people whom it does not list; "" if it does."""
    if explaining.is_brief(match):
        return _("那次统一优化只记录了入选的人。")
    if match.run.fallback:
        return _("那次直接查询数据库，没有记录其他人的理由。")
    if match.rejected_total > len(match.rejected) and not kept:
        return _("那次匹配中其他人的理由已过保存期。")
    return ""
