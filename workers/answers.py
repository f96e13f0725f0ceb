"""What applicants say about themselves, in one written form: read, checked, written. Nothing of it is verified.

JSON: `skills` and `languages` {code: level}, `typing_wpm` words a minute, `major`, `experience` free text, `windows`
[[weekday 0–6, start, end]] in minutes from midnight, the end up to 2880.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from staffing.core import secret_numbers
from staffing.core.errors import Invalid

Window = tuple[int, int, int]
MOST_LEVEL: Final = 6
MOST_ITEMS: Final = 60
MOST_WPM: Final = 300
MOST_TEXT: Final = {"major": 60, "experience": 500}
WEEK_DAYS, DAY, LATEST = 7, 1440, 2880


class BadAnswers(Invalid):
    """The answers have another shape; `at` names the part."""

    def __init__(self, at: str, message: Any) -> None:
        super().__init__("bad_answers", message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Declared:
    """An applicant's own words as data."""

    skills: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    typing_wpm: int | None = None
    major: str = ""
    experience: str = ""
    windows: Sequence[Window] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept: what was not said is left out."""
        said = {**asdict(self), "windows": [list(window) for window in self.windows]}
        return {name: value for name, value in said.items() if value not in ({}, [], "", None)}


def read(raw: Mapping[str, Any]) -> Declared:
    """From JSON of anybody. Raises `BadAnswers` for what is not as described above; unknown names are left out."""
    if not isinstance(raw, Mapping):
        raise BadAnswers("answers", _("格式不正确。"))
    return Declared(
        skills=_levels(raw, "skills"),
        languages=_levels(raw, "languages"),
        typing_wpm=_number(raw.get("typing_wpm")),
        major=_text(raw, "major"),
        experience=_text(raw, "experience"),
        windows=_windows(raw.get("windows", [])),
    )


def _levels(raw: Mapping[str, Any], name: str) -> dict[str, int]:
    found = raw.get(name) or {}
    if not isinstance(found, Mapping) or len(found) > MOST_ITEMS:
        raise BadAnswers(name, _("应为代码与等级。"))
    for code, level in found.items():
        if not isinstance(code, str) or not _whole(level, 1, MOST_LEVEL):
            raise BadAnswers(name, _("等级须为 1 到 6 的整数。"))
    return dict(found)


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not _whole(value, 1, MOST_WPM):
        raise BadAnswers("typing_wpm", _("打字速度须为 1 到 300 的整数（每分钟字数）。"))
    return int(value)


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > MOST_TEXT[name] or not printable(value):
        raise BadAnswers(name, _("文字过长，或含有不能保存的字符。"))
    # Nobody asks for identity numbers or cards here, and what is kept is kept readable.
    return secret_numbers.hide(value.strip())


def printable(text: str) -> bool:
    """Whether a text has no control characters but line breaks and tabs, which no database or page can hold."""
    return all(char.isprintable() or char in "\n\r\t\u3000" for char in text)


def _windows(raw: Any) -> tuple[Window, ...]:
    if not isinstance(raw, list | tuple) or len(raw) > MOST_ITEMS or not all(_is_window(each) for each in raw):
        raise BadAnswers("windows", _("可用时间的格式不正确。"))
    return tuple((day, start, end) for day, start, end in raw)


def _is_window(raw: Any) -> bool:
    if not isinstance(raw, list | tuple) or len(raw) != 3:
        return False
    day, start, end = raw
    return _whole(day, 0, WEEK_DAYS - 1) and _whole(start, 0, DAY - 1) and _whole(end, 1, LATEST) and start < end
