"""The signals of `orders.risk` in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.risk import Code, Signal

WORDS: Mapping[Code, str] = {
    "unconfirmed": gettext_noop("还有 %(have)s 分钟开始，一直没有确认到岗"),
    "due": gettext_noop("还有 %(have)s 分钟开始，尚未到岗"),
    "leaving": gettext_noop("还有 %(have)s 分钟开始，路上约需 %(need)s 分钟，尚未出发"),
    "tight": gettext_noop("与上一处工作只隔 %(have)s 分钟，路上约需 %(need)s 分钟"),
    "double": gettext_noop("当天第二处工作，与上一处相距约 %(have)s 公里"),
    "missed": gettext_noop("近 %(need)s 天未到岗或临时取消 %(have)s 次"),
    "late": gettext_noop("近 %(need)s 天迟到 %(have)s 次"),
    "far": gettext_noop("住处距服务地点约 %(have)s 公里"),
}


def words(signal: Signal) -> str:
    """One signal as a short phrase."""
    return _(WORDS[signal.code]) % {"have": signal.have, "need": signal.need}
