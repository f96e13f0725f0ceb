"""What runs came to, side by side, as a table in both languages (Markdown)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

Language = Literal["zh", "en"]
# A report as `Report.as_dict` gives it, perhaps by way of JSON.
Figures = Mapping[str, Any]
Words = tuple[str, str]
VARIANTS: Final[Mapping[str, Words]] = {
    "": ("全部开启", "everything on"),
    "radar": ("不用雷达", "without radar"),
    "bench": ("不用候补", "without bench"),
    "waves": ("不用轮次", "without waves"),
    "bench,radar,waves": ("三者都不用", "without all three"),
}


def _hours(minutes: float) -> str:
    return f"{minutes / 60:,.0f}"


def _promised(figures: Figures) -> int:
    return sum(figures["minutes"].values())


def _lost(reason: str) -> Callable[[Figures], str]:
    return lambda figures: _share(figures["minutes"][reason], _promised(figures))


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "—"


def _of(name: str) -> Callable[[Figures], str]:
    return lambda figures: f"{figures[name]:,}"


ROWS: Final[Sequence[tuple[Words, Callable[[Figures], str]]]] = (
    (("需求名额", "positions wanted"), _of("wanted")),
    (("承诺名额（开始前已有人接单）", "promised (somebody had said yes before the start)"), _of("promised")),
    (("满足率", "fill rate"), lambda f: _share(f["promised"], f["wanted"])),
    (("到岗名额", "arrived"), _of("arrived")),
    (("15 分钟内到岗", "arrived within the grace"), _of("in_time")),
    (("承诺工时（小时）", "promised hours"), lambda f: _hours(_promised(f))),
    (("覆盖工时（小时）", "covered hours"), lambda f: _hours(f["minutes"]["covered"])),
    (("**覆盖率**", "**covered**"), lambda f: f"**{_share(f['minutes']['covered'], _promised(f))}**"),
    (("缺口：尚未发现未到岗", "lost: not noticed yet"), _lost("unnoticed")),
    (("缺口：正在找替补", "lost: searching"), _lost("searching")),
    (("缺口：替补在路上", "lost: replacement on the way"), _lost("travelling")),
    (("缺口：没有找到人", "lost: nobody found"), _lost("nobody")),
    (("缺口：迟到", "lost: late"), _lost("late")),
    (("缺口：提前离开", "lost: left early"), _lost("left")),
    (("接单次数", "bookings"), _of("bookings")),
    (("其中未到岗", "of these no-shows"), lambda f: str(f["missed"]["no_show"])),
    (("其中员工取消", "of these called off by the worker"), lambda f: str(f["missed"]["cancelled"])),
    (
        ("其中释放（未确认或来不了）", "of these released (silent, or said so when called)"),
        lambda f: str(f["missed"]["released"]),
    ),
    (("失去后补上", "lost and replaced"), lambda f: f"{f['replaced']} / {f['losses']}"),
    (("补上用时中位数（分钟）", "median minutes to the next yes"), lambda f: _number(f["found_minutes"])),
    (("每名额派单次数", "offers a position"), lambda f: f"{f['offers_a_position']:.2f}"),
)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def table(runs: Mapping[str, Figures], language: Language) -> str:
    """Figures by what was switched off (the parts in order, joined by commas; "" for nothing)."""
    place = 0 if language == "zh" else 1
    names = [VARIANTS.get(key, (key, key))[place] for key in runs]
    lines = [["", *names], ["---", *("---:" for _ in names)]]
    lines += [[words[place], *(tell(figures) for figures in runs.values())] for words, tell in ROWS]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
