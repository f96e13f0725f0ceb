"""What somebody who works from home checks before the shift: tools, systems, headset; one item a line."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from orders.models import GateProfile, Order

# What fits on a phone and is still read.
MOST, LONGEST = 10, 80
USUAL = (_("耳机和麦克风已测试"), _("客户系统已登录"), _("话术和上岗须知已阅读"))


def lines(text: str) -> list[str]:
    """The items of a text, each once, without marks before them."""
    found = (line.strip().lstrip("-*•·").strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in found if line))


def check(text: str) -> None:
    """Raises `ValidationError` for more or longer items than somebody reads."""
    found = lines(text)
    if len(found) > MOST:
        raise ValidationError(_("最多 %(most)s 项，每行一项。"), "too_many", {"most": MOST})
    if any(len(line) > LONGEST for line in found):
        raise ValidationError(_("每项最多 %(longest)s 个字。"), "too_long", {"longest": LONGEST})


def of_order(order: Order) -> Sequence[str]:
    """The order's own items, else those of its client's industry (one query), else the usual ones."""
    return lines(order.readiness) or of_industry(order.client.industry)


def of_industry(industry: str) -> Sequence[str]:
    """What an industry usually asks for (one query), in the active language; else what everybody is asked."""
    profile = GateProfile.objects.filter(industry=industry, is_active=True).first() if industry else None
    return of_profile(profile)


def of_profile(profile: GateProfile | None) -> Sequence[str]:
    """The items of a profile, or what everybody is asked."""
    return (lines(profile.readiness) if profile else []) or [str(item) for item in USUAL]
