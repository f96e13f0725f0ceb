"""The kinds of work as cards: in groups, each with a picture, a word about it, and the title it proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from workers.models import ServiceType


@dataclass(frozen=True, slots=True)
class Kind:
    """`icon` is a name of the sprite; texts are lazy."""

    icon: str
    text: Any
    title: Any


KINDS: Mapping[ServiceType, Kind] = {
    ServiceType.PRE_SALE: Kind("message-2", gettext_lazy("咨询与推荐"), gettext_lazy("售前客服")),
    ServiceType.IN_SALE: Kind("shopping-cart", gettext_lazy("下单与催付"), gettext_lazy("售中客服")),
    ServiceType.AFTER_SALE: Kind("arrow-back-up", gettext_lazy("退换与投诉"), gettext_lazy("售后客服")),
    ServiceType.TECHNICAL: Kind("tool", gettext_lazy("安装与排障"), gettext_lazy("技术支持客服")),
    ServiceType.VIP: Kind("star", gettext_lazy("专人跟进"), gettext_lazy("VIP 专属客服")),
    ServiceType.LIVE_STREAM: Kind("broadcast", gettext_lazy("直播间答疑"), gettext_lazy("直播客服")),
    ServiceType.EXHIBITION: Kind("ticket", gettext_lazy("登记与引导"), gettext_lazy("展会服务")),
    ServiceType.PROMOTER: Kind("speakerphone", gettext_lazy("推介与试用"), gettext_lazy("促销导购")),
    ServiceType.RETAIL: Kind("building-store", gettext_lazy("收银与理货"), gettext_lazy("零售门店")),
    ServiceType.CATERING: Kind("tools-kitchen-2", gettext_lazy("传菜与接待"), gettext_lazy("餐饮服务")),
    ServiceType.BILINGUAL: Kind("language", gettext_lazy("外语与设备操作"), gettext_lazy("双语设备操作")),
    ServiceType.SHORT_VIDEO: Kind("movie", gettext_lazy("拍摄与评论"), gettext_lazy("短视频运营")),
    ServiceType.MEDICAL_ESCORT: Kind("stethoscope", gettext_lazy("挂号与陪同"), gettext_lazy("陪诊")),
    ServiceType.FAMILY_EDUCATION: Kind("school", gettext_lazy("上门辅导"), gettext_lazy("家庭教育")),
}
GROUPS: Sequence[tuple[Any, Sequence[ServiceType]]] = (
    (
        gettext_lazy("客户服务"),
        (
            ServiceType.PRE_SALE,
            ServiceType.IN_SALE,
            ServiceType.AFTER_SALE,
            ServiceType.TECHNICAL,
            ServiceType.VIP,
            ServiceType.LIVE_STREAM,
        ),
    ),
    (
        gettext_lazy("其他兼职"),
        (
            ServiceType.EXHIBITION,
            ServiceType.PROMOTER,
            ServiceType.RETAIL,
            ServiceType.CATERING,
            ServiceType.BILINGUAL,
            ServiceType.SHORT_VIDEO,
            ServiceType.MEDICAL_ESCORT,
            ServiceType.FAMILY_EDUCATION,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One choice as the page shows it."""

    value: str
    id: str
    label: str
    text: str
    icon: str
    title: str
    checked: bool


def groups(chosen: str, auto_id: str) -> list[tuple[str, list[Card]]]:
    """The cards in their groups; `auto_id` begins the ids of the inputs."""
    return [(str(name), [_card(kind, chosen, auto_id) for kind in kinds]) for name, kinds in GROUPS]


def _card(value: ServiceType, chosen: str, auto_id: str) -> Card:
    kind = KINDS[value]
    told = (str(value.label), str(kind.text), kind.icon, str(kind.title))
    return Card(value.value, f"{auto_id}_{value.value}", *told, checked=value.value == chosen)


def proposed_title(value: str) -> str:
    """What an order of this kind is called if nobody thinks of a better name; "" for no kind."""
    return str(KINDS[ServiceType(value)].title) if value in ServiceType.values else ""
