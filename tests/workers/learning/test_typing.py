"""What hands can do counts, and is measured by the server's clock; what they cannot do is refused."""

from itertools import accumulate, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workers.learning import typing
from workers.learning.typing import Chunk, Rules, Unreadable

TEXT = "您好，很高兴为您服务。请问您的订单遇到了什么问题？我马上为您查询，请稍等一下，不要着急。" * 6
RULES = Rules(limit_ms=60_000, grace_ms=2_000, lag_ms=60_000, chunk_most=20, fastest=260, least_accuracy=90)
# One to four characters at once, each a third of a second or slower, as an input method is used.
STROKES = st.lists(st.tuples(st.integers(1, 4), st.integers(330, 900)), min_size=1, max_size=40)


def by_hand(strokes: list[tuple[int, int]], text: str = TEXT) -> list[Chunk]:
    """Somebody who types the text in such strokes: characters, and milliseconds for each of them."""
    chunks, at, done = [], 0, 0
    for count, pause in strokes:
        at += count * pause
        chunks.append(Chunk(at, done, 0, text[done : done + count], "composed"))
        done += count
    return [chunk for chunk in chunks if chunk.at <= RULES.limit_ms]


def naive(text: str, typed: str) -> int:
    """The least corrections so that `typed` begins `text`, the whole table at once."""
    rows = {(0, column): column for column in range(len(text) + 1)} | {
        (line, 0): line for line in range(len(typed) + 1)
    }
    for line, column in product(range(1, len(typed) + 1), range(1, len(text) + 1)):
        other = text[column - 1] != typed[line - 1]
        rows[line, column] = min(
            rows[line - 1, column] + 1, rows[line, column - 1] + 1, rows[line - 1, column - 1] + other
        )
    return min([rows[len(typed), column] for column in range(len(text) + 1)] + [len(typed)])


@given(st.text("ab，", max_size=12), st.text("ab，", max_size=12))
def test_errors_are_the_least_corrections(text: str, typed: str) -> None:
    assert typing.errors(text, typed) == naive(text, typed)


@given(STROKES, st.integers(0, 1500))
def test_an_honest_hand_counts_whatever_its_pace(strokes: list[tuple[int, int]], way: int) -> None:
    chunks = by_hand(strokes)
    assume(chunks)
    verdict = typing.judge(TEXT, chunks, chunks[-1].at + way, RULES, words=False)
    # Pauses may happen to be even: then it is told so, and nothing else.
    assert verdict.refusal in ("", "even")
    if verdict.measure:
        typed = typing.replay(chunks)
        assert (verdict.measure.typed, verdict.measure.errors, verdict.measure.accuracy) == (len(typed), 0, 100)
        assert verdict.measure.speed == len(typed) * 60_000 // chunks[-1].at


@given(STROKES, st.integers(3_000, 50_000))
def test_time_that_the_report_leaves_out_counts_all_the_same(strokes: list[tuple[int, int]], waited: int) -> None:
    chunks = by_hand(strokes)
    assume(chunks)
    at_once = typing.judge(TEXT, chunks, chunks[-1].at, RULES, words=False).measure
    later = typing.judge(TEXT, chunks, chunks[-1].at + waited, RULES, words=False).measure
    assert at_once is None or later is None or later.speed <= at_once.speed


@given(STROKES, st.data())
def test_a_paste_anywhere_is_refused(strokes: list[tuple[int, int]], data: st.DataObject) -> None:
    chunks = by_hand(strokes)
    assume(chunks)
    place = data.draw(st.integers(0, len(chunks) - 1))
    found = chunks[place]
    chunks[place] = Chunk(found.at, found.start, 0, found.text, "paste")
    assert typing.judge(TEXT, chunks, chunks[-1].at, RULES, words=False).refusal == "paste"


@given(st.integers(21, len(TEXT)), st.integers(0, 59_000))
def test_more_at_once_than_a_word_is_refused_though_it_calls_itself_typed(count: int, at: int) -> None:
    chunks = [Chunk(at, 0, 0, TEXT[:count], "composed")]
    assert typing.judge(TEXT, chunks, at, RULES, words=False).refusal == "chunk"


@given(st.integers(5, 20), st.integers(1, 1200))
def test_a_text_in_slices_faster_than_any_hand_is_refused(size: int, pause: int) -> None:
    slices = [TEXT[start : start + size] for start in range(0, 200, size)]
    ends = accumulate([pause] * len(slices))
    chunks = [
        Chunk(at, number * size, 0, part, "key") for number, (at, part) in enumerate(zip(ends, slices, strict=True))
    ]
    most = RULES.fastest * typing.WINDOW_MS // typing.MINUTE_MS + RULES.chunk_most
    held = max(
        sum(len(other.text) for other in chunks if chunk.at - typing.WINDOW_MS < other.at <= chunk.at)
        for chunk in chunks
    )
    refusal = typing.judge(TEXT, chunks, chunks[-1].at, RULES, words=False).refusal
    assert (refusal == "fast") == (held > most)


@given(STROKES, st.integers(2_001, 100_000))
def test_a_report_ahead_of_the_servers_clock_is_refused(strokes: list[tuple[int, int]], ahead: int) -> None:
    chunks = by_hand(strokes)
    assume(chunks and chunks[-1].at >= ahead)
    assert typing.judge(TEXT, chunks, chunks[-1].at - ahead, RULES, words=False).refusal == "clock"


def test_pauses_that_no_hand_keeps_are_refused() -> None:
    chunks = [Chunk(400 * number, number, 0, TEXT[number], "key") for number in range(100)]
    assert typing.judge(TEXT, chunks, 40_000, RULES, words=False).refusal == "even"


@pytest.mark.parametrize(
    ("chunks", "server_ms", "refusal"),
    [
        ([], 0, "empty"),
        ([Chunk(5, 0, 0, "您", "key"), Chunk(9, 0, 1, "", "key")], 10, "empty"),
        ([Chunk(9, 0, 0, "您", "key"), Chunk(5, 1, 0, "好", "key")], 10, "broken"),
        ([Chunk(9, 5, 0, "您", "key")], 10, "broken"),
        ([Chunk(9, 0, 0, "您", "key")], 121_000, "late"),
        ([Chunk(900, 0, 0, "他们", "key")], 1_000, "inexact"),
    ],
)
def test_what_does_not_count_says_why(chunks: list[Chunk], server_ms: int, refusal: str) -> None:
    assert typing.judge(TEXT, chunks, server_ms, RULES, words=False).refusal == refusal


def test_words_are_five_characters_and_mistakes_are_put_right() -> None:
    chunks = [Chunk(1000, 0, 0, "helxo", "key"), Chunk(2000, 3, 1, "l", "key"), Chunk(6000, 5, 0, " worl", "key")]
    assert typing.replay(chunks) == "hello worl"
    found = typing.judge("hello world", chunks, 6000, RULES, words=True).measure
    assert found is not None and (found.speed, found.accuracy) == (20, 100)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda kids: (
            st.lists(kids) | st.dictionaries(st.sampled_from(["at", "start", "removed", "text", "kind"]), kids)
        ),
    )
)
@settings(max_examples=60)
def test_a_hostile_report_is_read_or_refused_and_nothing_else(report: object) -> None:
    try:
        chunks = typing.read(report)
    except Unreadable:
        return
    typing.judge(TEXT, chunks, 1000, RULES, words=False)
