"""What the columns of a table of applicants may mean, and how a cell of each is read. Pure but for the list of cities.

A cell that cannot be read raises ValueError with a code; `PROBLEMS` has its words.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from staffing.core import phones
from staffing.core.export import safe
from staffing.core.tables.encoding import BROKEN
from staffing.core.tables.staged import LONGEST


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column may be: its words, and the heads by which it is known, as `plain` writes them."""

    label: Any
    heads: frozenset[str]


def plain(head: str) -> str:
    """A head without case, width, spaces and signs."""
    text = unicodedata.normalize("NFKC", head).casefold()
    return "".join(char for char in text if char.isalnum())


# The heads that files have, in both languages.
_HEADS: Final = {
    "name": "姓名 名字 真实姓名 学员姓名 学生姓名 应聘者 name fullname applicant",  # i18n: data
    "phone": "手机号 手机 手机号码 电话 联系电话 联系方式 电话号码 phone mobile tel phonenumber",  # i18n: data
    "email": "邮箱 电子邮箱 邮件 电子邮件 email mail emailaddress",  # i18n: data
    "city": "城市 所在城市 现居城市 工作城市 意向城市 居住地 city location",  # i18n: data
    "remote_ok": "可远程 远程 接受远程 能否远程 remote remoteok",  # i18n: data
    "typing_wpm": "打字速度 打字 每分钟字数 typing typingspeed wpm typingwpm",  # i18n: data
    "major": "专业 所学专业 major",  # i18n: data
    "experience": "工作经验 经验 工作经历 经历 备注 experience notes note remarks",  # i18n: data
    "external_id": "对方编号 编号 学号 外部编号 externalid id ref reference",  # i18n: data
}
_LABELS: Final[Mapping[str, Any]] = {
    "name": _("姓名"),
    "phone": _("手机号"),
    "email": _("邮箱"),
    "city": _("城市"),
    "remote_ok": _("可远程"),
    "typing_wpm": _("打字速度"),
    "major": _("专业"),
    "experience": _("工作经验"),
    "external_id": _("对方编号"),
}
MEANINGS: Final[Mapping[str, Meaning]] = {
    name: Meaning(_LABELS[name], frozenset(plain(head) for head in heads.split())) for name, heads in _HEADS.items()
}
NEEDED: Final = ("name", "phone")
PROBLEMS: Final[Mapping[str, Any]] = {
    "missing": _("缺少必填内容"),
    "broken": _("有乱码"),
    "control": _("有不可见的控制字符"),
    "long": _("内容过长"),
    "formula": _("像公式，请改为文字"),
    "quote": _("引号没有成对"),
    "phone": _("不是 11 位大陆手机号"),
    "city": _("没有这个城市"),
    "number": _("须为整数"),
    "yes_no": _("须为是或否"),
    "taken": _("此编号已用于另一份报名"),
    "invalid": _("内容不正确"),
}
YES: Final = frozenset(["是", "可", "可以", "能", "对", "yes", "y", "true", "1", "√", "接受"])  # i18n: data
NO: Final = frozenset(["否", "不可", "不可以", "不能", "no", "n", "false", "0", "×", "不接受"])  # i18n: data


def guess(head: Sequence[str]) -> dict[str, str]:
    """Field by column number, each field once: first by whole heads, then by heads that contain one of two signs up."""
    found: dict[str, str] = {}
    shown = [plain(cell) for cell in head]
    for fits in (_whole, _part):
        for at, cell in enumerate(shown):
            field = next((name for name, what in MEANINGS.items() if fits(cell, what.heads)), None)
            if field and field not in found.values() and str(at) not in found:
                found[str(at)] = field
    return found


def _whole(cell: str, heads: frozenset[str]) -> bool:
    return cell in heads


def _part(cell: str, heads: frozenset[str]) -> bool:
    return any(len(head) >= 2 and head in cell for head in heads if not head.isascii())


def cells_by_field(cells: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """What stands under each field; the apostrophe that our own files put before a formula is taken off again."""
    found = {field: cells[int(at)] if int(at) < len(cells) else "" for at, field in mapping.items()}
    return {field: _bare(cell) for field, cell in found.items()}


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and safe(cell[1:]) == cell else cell


def text(cell: str) -> str:
    """A cell that may be kept. Raises ValueError: long, broken, control."""
    if len(cell) > LONGEST:
        raise ValueError("long")
    if BROKEN in cell:
        raise ValueError("broken")
    stripped = cell.strip("\ufeff \u3000\xa0\t\r\n")
    if not all(char.isprintable() or char in "\n\r\t\u3000\xa0\u200b" for char in stripped):
        raise ValueError("control")
    return stripped


def word(cell: str) -> str:
    """Text of one line that is no formula."""
    found = text(cell)
    if safe(found) != found:
        raise ValueError("formula")
    return " ".join(found.split())


def narrow(cell: str) -> str:
    """Text with full-width signs made narrow."""
    return unicodedata.normalize("NFKC", text(cell)).strip()


def phone(cell: str) -> str:
    """Eleven digits; a number that a spreadsheet made a fraction of is one too."""
    try:
        return phones.normalise(narrow(cell).removesuffix(".0"))
    except phones.InvalidPhoneError:
        raise ValueError("phone" if cell.strip() else "missing") from None


def number(cell: str) -> int | None:
    """A whole number, or nothing."""
    found = narrow(cell)
    if not found:
        return None
    if not found.isascii() or not found.isdigit() or len(found) > 6:
        raise ValueError("number")
    return int(found)


def yes(cell: str) -> bool:
    """Yes, no, or nothing, which is no."""
    found = narrow(cell).casefold()
    if found and found not in YES | NO:
        raise ValueError("yes_no")
    return found in YES


Reader = Callable[[str], Any]


def needed(read: Reader) -> Reader:
    """The same, refusing an empty cell."""

    def reader(cell: str) -> Any:
        found = read(cell)
        if not found:
            raise ValueError("missing")
        return found

    return reader


def city(cities: Mapping[str, Any]) -> Reader:
    """A city by code or name in either language, with or without 市; nothing is nothing."""

    def reader(cell: str) -> Any:
        found = narrow(cell)
        key = plain(found.removesuffix("市"))  # i18n: data
        if key and key not in cities:
            raise ValueError("city")
        return cities.get(key)

    return reader
