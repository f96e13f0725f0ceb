"""Reasons of many people as bits: counted and kept."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.matching import REASONS, Reason, gate_counts
from orders.matching.codes import BITS
from orders.matching.explain import codes_of
from orders.matching.kinds import kinds_of
from orders.matching.masks import gate_counts as counts_of
from orders.matching.masks import gates_hit, pack, unpack

people = st.dictionaries(st.integers(1, 2**40), st.integers(1, (1 << len(BITS)) - 1), max_size=30)


def columns(masks: dict[int, int]):
    """Ids ascending, and their masks."""
    ids = sorted(masks)
    return np.array(ids, np.int64), np.array([masks[pk] for pk in ids], np.uint32)


@given(people)
def test_masks_survive_storage(masks: dict[int, int]) -> None:
    ids, words = unpack(memoryview(pack(*columns(masks))))
    assert dict(zip(ids.tolist(), words.tolist(), strict=True)) == masks


@settings(deadline=None)
@given(people)
def test_masks_survive_as_kinds_too(masks: dict[int, int]) -> None:
    ids, words = columns(masks)
    among = np.insert(words, len(words) // 2, 0)
    places, kinds = kinds_of(among, np.arange(len(among), dtype=np.int32))
    assert among[places].tolist() == words.tolist()
    assert len(set(kinds.masks.tolist())) == len(kinds.masks)
    assert kinds.masks[kinds.of].tolist() == words.tolist()
    assert kinds.count.tolist() == [words.tolist().count(mask) for mask in kinds.masks.tolist()]
    assert [column.tolist() for column in unpack(pack(ids, kinds.masks, kinds.of))] == [ids.tolist(), words.tolist()]
    assert counts_of(kinds.masks, kinds.count) == counts_of(words)


def test_more_kinds_than_a_byte_holds_survive() -> None:
    ids, words = np.arange(5, 2005) * 300, np.arange(1, 2001).astype(np.uint32)
    assert [column.tolist() for column in unpack(pack(ids, words))] == [ids.tolist(), words.tolist()]


@given(people)
def test_what_was_stored_in_the_first_form_is_still_read(masks: dict[int, int]) -> None:
    """64 bits from one id to the next, 32 bits of mask, all compressed: what rows of then hold."""
    ids, words = columns(masks)
    stored = zlib.compress(np.diff(ids, prepend=0).astype("<i8").tobytes() + words.astype("<u4").tobytes(), level=1)
    assert [column.tolist() for column in unpack(stored)] == [ids.tolist(), words.tolist()]


def test_nothing_kept_is_nobody() -> None:
    ids, words = unpack(b"")
    assert len(ids) == len(words) == 0


@pytest.mark.parametrize(
    "damaged",
    [
        b"x",
        zlib.compress(b"123"),
        zlib.compress(b"1234567890123"),
        *(b"\x02" + zlib.compress(rest) for rest in (b"123", b"1234567890123", bytes(18) + b"1")),
    ],
)
def test_anything_else_is_not_read_as_masks(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="not packed masks"):
        unpack(damaged)


def test_a_pool_of_neighbours_takes_little_room() -> None:
    ids, words = np.arange(1, 100_001), np.full(100_000, 5, np.uint32)
    assert len(pack(ids, words)) < 10_000


@given(people)
def test_gates_are_counted_as_with_reasons_one_by_one(masks: dict[int, int]) -> None:
    rejected = {pk: [Reason(code) for code in codes_of(mask)] for pk, mask in masks.items()}
    assert counts_of(columns(masks)[1]) == gate_counts(rejected)
    gates = [len({REASONS[reason.code][0] for reason in against}) for against in rejected.values()]
    assert sorted(gates_hit(columns(masks)[1]).tolist()) == sorted(gates)
