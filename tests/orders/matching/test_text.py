"""Every code has words, with its values in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from orders.matching import GATES, GROUPS, PARTS, REASONS, Lead, Reason, ScorePart
from orders.matching_text import (
    brief_texts,
    gate_text,
    grade_key,
    group_text,
    lead_text,
    part_name,
    part_text,
    reason_text,
)

EXAMPLES: dict[str, str | int] = {
    "skill": "chat",
    "certificate": "psc",
    "language": "en",
    "course": "pos",
    "priority": 2,
    "rate": 1800,
    "max_rate": 2000,
    "have": 1,
    "need": 2,
    "valid_until": "2026-12-31",
    "day": "2027-01-01",
    "week": "2026-12-28",
    "start": "2026-12-31T22:00+08:00",
    "end": "2027-01-01T06:30+08:00",
    "missing": 15,
    "length": 480,
    "booked": 1920,
    "would_be": 2415,
    "cap": 2400,
    "distance_km": "11.2",
    "max_km": "10",
    "stars": "4.8",
    "services": 12,
    "prior": "3.8",
    "percent": 96,
    "above": 3,
    "required": 2,
    "recent": 90,
    "member": 1,
    "same_order": 1,
    "why": "conflict",
}
NAMES = {
    "pos": "智能POS操作",
    "chat": "在线客服",
    "psc": "普通话证书",
    "en": "英语",
    grade_key("skill", "chat", 1): "入门",
}


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield


def example(names: tuple[str, ...]) -> dict[str, str | int]:
    return {name: EXAMPLES[name] for name in names}


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_words(code: str) -> None:
    text = reason_text(Reason(code, example(REASONS[code][1])), NAMES)
    assert text
    assert "%" not in text
    assert code not in text


OTHERS: dict[str, str | int] = EXAMPLES | {
    "skill": "phone",
    "certificate": "driver",
    "language": "ja",
    "course": "talk",
    "have": 0,
    "need": 1,
    "valid_until": "2026-12-30",
    "day": "2027-01-02",
    "week": "2026-12-21",
    "start": "2026-12-31T21:00+08:00",
    "end": "2027-01-01T05:30+08:00",
    "missing": 30,
    "length": 540,
    "booked": 1860,
    "would_be": 2460,
    "cap": 2340,
    "distance_km": "12.2",
    "max_km": "9",
    "why": "asked",
}
# what is asked is not repeated where the level itself would do
NOT_TOLD = {("skill_not_valid", "need"), ("language_not_valid", "need")}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_tells_its_values_in_both_languages(code: str, language: str) -> None:
    params = REASONS[code][1]
    with override(language):
        text = reason_text(Reason(code, example(params)))
        for name in params:
            other = reason_text(Reason(code, example(params) | {name: OTHERS[name]}))
            assert (other != text) or (code, name) in NOT_TOLD, name
    assert language == "zh-hans" or not any("\u4e00" <= letter <= "\u9fff" for letter in text), text


@pytest.mark.parametrize("code", PARTS)
def test_every_part_has_words(code: str) -> None:
    text = part_text(ScorePart(code, 1, 2, example(PARTS[code][1])), NAMES)
    assert text
    assert "%(" not in text
    assert part_name(code)


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_has_a_name(gate: str) -> None:
    assert gate_text(gate)


def test_every_group_has_a_name() -> None:
    assert [group_text(group) for group in GROUPS] == ["技能", "时间", "距离", "评分"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("skill_level", "技能「在线客服 入门」，要求「2 级」"),
        ("language_level", "语言「英语 1 级」，要求「2 级」"),
        ("skill_not_valid", "技能「在线客服 入门」有效期至2026年12月31日 周四，需在2027年1月1日 周五仍有效"),
        ("clearance_expired", "标准背景审查有效期至2026年12月31日 周四，需在2027年1月1日 周五仍有效，要求高级背景审查"),
        ("certificate_expired", "证书「普通话证书」有效期至2026年12月31日 周四，需在2027年1月1日 周五仍有效"),
        ("time_off", "12月31日 周四 22:00 至 1月1日 周五 06:30 请假"),
        ("outside_hours", "8 小时的班次中有 0.25 小时不在可工作时间内"),
        ("weekly_hours", "2026年12月28日 周一起的一周已排 32 小时，加上本班次为 40.25 小时，上限 40 小时"),
        ("too_far", "距离 11.2 公里，最远接受 10 公里"),
        ("course_expired", "培训「智能POS操作」有效期至2026年12月31日 周四，需在2027年1月1日 周五仍有效"),
        ("travel_before", "距上一班 11.2 公里，路上需 2 分钟，间隔只有 1 分钟"),
        ("clearance", "目前标准背景审查，要求高级背景审查"),
    ],
)
def test_values_are_written_for_people(code: str, text: str) -> None:
    assert reason_text(Reason(code, example(REASONS[code][1])), NAMES) == text


@pytest.mark.parametrize("kind", ["skill", "language"])
def test_a_level_that_nobody_verified_is_told_so(kind: str) -> None:
    code = f"{kind}_not_valid"
    told = reason_text(Reason(code, example(REASONS[code][1]) | {"valid_until": ""}), NAMES)
    assert "尚未核实" in told
    assert "2027" not in told


def test_a_code_without_a_name_is_shown_as_it_is() -> None:
    assert "「chat」" in reason_text(Reason("skill_missing", {"skill": "chat", "need": 2}))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (ScorePart("reliability", 14, 15, {"percent": 96}), "可靠度 96%"),
        (ScorePart("team", 10, 10, {"member": 1}), "客户的固定班底"),
        (ScorePart("team", 0, 10, {"member": 0}), "不在客户的固定班底中"),
        (ScorePart("continuity", 0, 5, {"same_order": 0}), "没有同一订单的其他班次"),
        (ScorePart("skill", 15, 15, {"above": 0, "required": 0}), "没有技能要求"),
        (ScorePart("fairness", 9, 10, {"recent": 90}), "近期工作 1.5 小时"),
    ],
)
def test_parts_are_written_for_people(part: ScorePart, text: str) -> None:
    assert part_text(part) == text


def test_the_lead_in_words() -> None:
    assert lead_text(Lead(1, 2, 9, (("stars", 10), ("fairness", -1)))) == "比下一位高 9 分：星级 +10，近期工时 -1"
    assert lead_text(Lead(1, 2, 0, (("stars", 1), ("team", -1)))) == "与下一位得分相同"


def test_who_goes_first_for_another_reason_than_points_is_told_so() -> None:
    team = Lead(1, 2, -3, (("stars", -13), ("team", 10)), team_first=True)
    assert lead_text(team) == "固定班底优先；得分比下一位低 3 分：星级 -13，固定班底 +10"
    same = Lead(1, 2, 2, (("continuity", 5), ("stars", -3)), continuity=True)
    assert lead_text(same) == "同一订单优先由同一人承担；比下一位高 2 分：同单连续 +5，星级 -3"
    assert lead_text(Lead(1, 2, 4, (("stars", 4),)), novice=True) == "此名额留给新人；比下一位高 4 分：星级 +4"
    assert lead_text(None, novice=True) == "此名额留给新人"
    assert lead_text(None) == ""


def test_the_lead_in_english() -> None:
    with override("en"):
        assert lead_text(Lead(1, 2, 9, (("stars", 10), ("fairness", -1)))).startswith("9 ahead of the next: ")


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_words_without_figures(code: str) -> None:
    (told,) = brief_texts([code])
    assert told.startswith(gate_text(REASONS[code][0]))
    assert "%" not in told


def test_reasons_of_one_gate_stand_together() -> None:
    codes = ["skill_missing", "skill_level", "too_far"]
    assert brief_texts(codes) == ["技能：没有要求的技能、技能级别不够", "地点：距离太远"]
