"""Changes of a shift and the course of a run have words in both languages."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from orders.change_text import cause_text, change_text, gap_text, method_text
from orders.matching.loosening import CHANGES

EXAMPLES: dict[str, str | int] = {
    "skill": "chat",
    "certificate": "psc",
    "course": "pos",
    "language": "en",
    "from": 2,
    "to": 1,
    "minutes": 30,
    "start": "2026-11-25T01:30+00:00",
    "end": "2026-11-25T17:30+08:00",
}
NAMES = {"chat": "在线客服", "psc": "普通话证书", "pos": "智能POS操作", "en": "英语"}


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield


def example(code: str) -> dict[str, str | int]:
    return {name: EXAMPLES[name] for name in CHANGES[code][1]}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", CHANGES)
def test_every_change_has_words(code: str, language: str) -> None:
    with override(language):
        told = change_text(code, example(code), NAMES)
    assert told
    assert "%" not in told
    assert code not in told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("skill_lower", "技能「在线客服」降为「1 级」"),
        ("clearance_lower", "背景审查由「高级背景审查」降为「标准背景审查」"),
        ("start_later", "晚 30 分钟开始（09:30）"),
        ("move_earlier", "整班提前 30 分钟（09:30–17:30）"),
    ],
)
def test_values_are_written_for_people(code: str, words: str) -> None:
    assert change_text(code, example(code), NAMES) == words


def test_the_gap_is_rounded_up_so_that_it_never_sounds_better_than_it_is() -> None:
    assert [gap_text(gap) for gap in (None, 0.0, 1e-16, 0.000101, 0.0002)] == [
        "",
        "没有更好的方案",
        "没有更好的方案",
        "最多还能好 0.02%",
        "最多还能好 0.02%",
    ]


def test_a_run_cut_short_says_so() -> None:
    assert method_text("exact", stopped=False).startswith("精确求解")
    assert method_text("greedy", stopped=True) == "到时限：最难派的名额优先"
    assert method_text("search", stopped=True) == "到时限：采用已有最好方案"
    assert method_text("", stopped=False) == ""
    assert (cause_text("batch"), cause_text("decline")) == ("统一优化", "decline")
