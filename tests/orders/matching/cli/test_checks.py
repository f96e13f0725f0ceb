"""Bad files are named by their first wrong place."""

from __future__ import annotations

import json

import pytest

from orders.matching.formats import checks, raw, reading, staffgen_checks

from . import broken


@pytest.mark.parametrize("kind", broken.STAFFGEN)
def test_a_broken_benchmark_instance_is_refused_with_its_place(kind):
    damage, said = broken.STAFFGEN[kind]
    instance = broken.good()
    damage(instance)

    with pytest.raises(reading.BadFile) as refused:
        reading.is_raw(instance)
        staffgen_checks.check(instance)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", broken.RAW)
def test_a_broken_raw_instance_is_refused_with_its_place(kind):
    damage, said = broken.RAW[kind]
    instance = broken.good_raw()
    damage(instance)

    with pytest.raises(reading.BadFile) as refused:
        raw.read(instance)

    assert said in str(refused.value)


def test_good_instances_pass():
    staffgen_checks.check(broken.good())
    assert raw.read(broken.good_raw()).problem.shifts == 3


def test_a_place_deep_in_the_lists_is_found():
    lists = checks.column([[1, 2], [], [3, "x"]], "certs")

    with pytest.raises(reading.BadFile, match=r"^certs\[2\]\[1\]: must be an integer, not 'x'$"):
        checks.check_whole(checks.elements(lists), 0, 9)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 column 1: not JSON"),
        (b'{"meta": ', "line 1 column 10: not JSON"),
        (b"{'meta': 1}", "line 1 column 2: not JSON"),
        (b'{"a": "\xff"}', "byte 7: not text"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number is too long"),
    ],
)
def test_what_is_no_json_is_refused(content, said):
    with pytest.raises(reading.BadFile, match=said):
        reading.parse(content)


def test_a_key_given_twice_is_refused_where_its_value_is_used():
    text = json.dumps(broken.good_raw()).replace('"start": 480', '"start": 480, "start": 479')

    with pytest.raises(reading.BadFile, match=r"shifts\[1\].start: must be an integer, not a key given twice"):
        raw.read(reading.parse(text.encode()))


@pytest.mark.parametrize("instance", [[], None, 3, {"meta": []}, {}])
def test_an_instance_has_a_meta(instance):
    with pytest.raises(reading.BadFile):
        reading.is_raw(instance)


def test_long_values_stay_short_in_the_message():
    assert len(checks.shown("x" * 1000)) == 40
    assert checks.shown(10**10000) == "a huge number"


def test_raw_limits_become_wide_enough_numbers():
    problem = raw.read(broken.good_raw()).problem

    assert problem.start.tolist() == [0, 487, 107]
    assert problem.end.tolist() == [487, 968, 207]
    assert problem.need.tolist() == [2, 1, 1]
    assert problem.rest.tolist() == [0, 0, 0]
    assert problem.left[:, 0].tolist() == [1000, 1 << 30, 1 << 30]
    assert problem.who.tolist() == [0, 1, 0, 1]
    assert problem.score.tolist() == [50, 40, 30, 0]
