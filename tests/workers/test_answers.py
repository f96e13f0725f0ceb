"""What applicants say is read into one form, or refused; never half kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.answers import BadAnswers, Declared, printable, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
PARTS = ("skills", "languages", "typing_wpm", "major", "experience", "windows")
CODES = st.dictionaries(st.from_regex(r"[a-z-]{1,12}", fullmatch=True), st.integers(1, 6), max_size=5)
WINDOWS = st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 2880)).filter(lambda w: w[1] < w[2])
GOOD = st.builds(
    Declared,
    skills=CODES,
    languages=CODES,
    typing_wpm=st.none() | st.integers(1, 300),
    major=st.sampled_from(["", "市场营销"]),
    experience=st.sampled_from(["", "做过两年\n电商客服"]),
    windows=st.lists(WINDOWS, max_size=5).map(tuple),
)


@given(GOOD)
def test_what_is_written_is_read_again(said):
    assert read(json.loads(json.dumps(said.as_json()))) == said


@given(st.dictionaries(st.sampled_from(PARTS), JSON))
def test_anything_is_read_or_refused_by_name(raw):
    try:
        said = read(raw)
    except BadAnswers as refusal:
        assert refusal.at in PARTS and str(refusal)
    else:
        assert read(said.as_json()) == said


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("skills", {"chat": 7}),
        ("skills", {"chat": True}),
        ("languages", ["english"]),
        ("typing_wpm", 301),
        ("experience", "x" * 501),
        ("major", "a\x00b"),
        ("windows", [[7, 0, 60]]),
        ("windows", [[0, 600, 600]]),
        ("windows", [[0, 0]]),
    ],
)
def test_each_wrong_part_is_named(part, value):
    with pytest.raises(BadAnswers) as refusal:
        read({part: value})
    assert refusal.value.at == part


def test_control_characters_are_no_text():
    assert printable("两行\n文字") and not printable("a\x00") and not printable("\u202e反")
