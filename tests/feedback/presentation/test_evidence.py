"""Evidence in words, and what it points to."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.models import Evidence
from feedback.presentation import evidence, signals, suggested_report
from feedback.services import cases
from feedback.services.surveys import Answers
from feedback.states import Cause
from tests.feedback.stories import CAUSE, ENDED, open_case, scene

MATCH = {"run": 1, "cause": "order", "pool": 80, "eligible": 12, "rejected": 68, "shortage": 0, "best": 87}
CONTENT = Answers(2, 5, 5, 5)


@pytest.fixture
def case(agency):
    made = open_case(scene(agency), answers=CONTENT)
    made.evidence.all().delete()
    return made


def add(case: Any, kind: str, **data: Any) -> None:
    Evidence.objects.create(case=case, kind=kind, at=ENDED, data=data)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("match", MATCH, "从 80 人中匹配：12 人次符合条件，68 人次被淘汰；最高得分 87／100"),
        ("match", MATCH | {"best": None, "shortage": 2}, "从 80 人中匹配：12 人次符合条件，68 人次被淘汰；缺 2 人"),
        ("offer", {"worker": "顾一鸣", "status": "declined", "reason": "有考试"}, "顾一鸣：派单已婉拒，理由：有考试"),
        ("offer", {"worker": "顾一鸣", "status": "expired", "reason": ""}, "顾一鸣：派单已过期"),
        ("absence", {"worker": "刘洋", "status": "no_show"}, "刘洋：未到岗"),
        (
            "replacement",
            {"cause": "no_show", "minutes": 35, "found": "王敏"},
            "因未到岗寻找替补，35 分钟后由 王敏 接替",
        ),
        ("replacement", {"cause": "cancelled", "minutes": None, "found": None}, "因员工取消寻找替补，未能补上"),
        ("punch", {"worker": "王敏", "late": 20, "short": 45}, "王敏：迟到 20 分钟，比计划少 45 分钟"),
        ("punch", {"worker": "王敏", "late": 0, "short": 5}, "王敏：比计划少 5 分钟"),
        ("history", {"cases": 3, "reviews": 9}, "该客户此前已有 3 个案件，共评价 9 次"),
        ("something_new", {}, "something_new"),
    ],
)
def test_every_kind_is_a_sentence(case, kind, data, words):
    add(case, kind, **data)
    assert [fact["title"] for fact in evidence(case)] == [words]


def pointed(case: Any) -> dict[str, list[str]]:
    return {one["code"]: one["reasons"] for one in signals(case)}


def test_without_evidence_nothing_is_accused(case):
    add(case, "match", **MATCH)
    assert pointed(case) == {}


def test_a_low_dimension_points_to_its_cause(agency):
    low = open_case(scene(agency), answers=Answers(2, 2, 1, 2))
    assert set(pointed(low)) == {Cause.MATCHING, Cause.COMMUNICATION, Cause.EMERGENCY}


@pytest.mark.parametrize(
    ("kind", "data", "cause"),
    [
        ("match", MATCH | {"shortage": 1}, Cause.MATCHING),
        ("absence", {"worker": "a", "status": "no_show"}, Cause.EMERGENCY),
        ("replacement", {"cause": "no_show", "minutes": 61, "found": "b"}, Cause.EMERGENCY),
        ("replacement", {"cause": "no_show", "minutes": None, "found": None}, Cause.EMERGENCY),
        ("punch", {"worker": "a", "late": 1, "short": 0}, Cause.COMMUNICATION),
    ],
)
def test_a_fact_points_to_its_cause(case, kind, data, cause):
    add(case, kind, **data)
    assert list(pointed(case)) == [cause]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("absence", {"worker": "a", "status": "cancelled"}),
        ("replacement", {"cause": "no_show", "minutes": 60, "found": "b"}),
        ("punch", {"worker": "a", "late": 0, "short": 30}),
    ],
)
def test_a_harmless_fact_points_nowhere(case, kind, data):
    add(case, kind, **data)
    assert pointed(case) == {}


def test_three_refusals_point_to_matching_two_do_not(case):
    for expected in ([], [], [Cause.MATCHING]):
        add(case, "offer", worker="a", status="declined", reason="")
        assert list(pointed(case)) == expected


def test_the_cause_with_most_reasons_comes_first(case):
    add(case, "punch", worker="a", late=5, short=0)
    add(case, "absence", worker="b", status="no_show")
    add(case, "replacement", cause="no_show", minutes=90, found="c")
    assert [one["code"] for one in signals(case)] == [Cause.EMERGENCY, Cause.COMMUNICATION]


def test_the_suggested_report_waits_for_cause_and_fix(agency):
    told = scene(agency)
    case = open_case(told)
    assert suggested_report(case) == ""
    cases.take(case.pk, by=told.desk, now=ENDED)
    cases.find_cause(case.pk, by=told.desk, now=ENDED, **(CAUSE | {"fix_by": (ENDED + timedelta(days=1)).date()}))
    text = suggested_report(case)
    for words in (told.order.number, "人员匹配", "技能不符", "改派资深客服", "11月25日 周三前完成"):
        assert words in text
