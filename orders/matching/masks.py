"""The reasons of a whole pool as bits: counted by gate, packed for storage."""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .codes import BITS, GATES, REASONS
from .types import GateCount

Words = NDArray[np.uint32]
Ids = NDArray[np.int64]
# the bits of the codes that belong to each gate
GATE_BITS: Final = {gate: sum(1 << BITS[code] for code, (of, _) in REASONS.items() if of == gate) for gate in GATES}


def gates_hit(masks: Words) -> NDArray[np.int8]:
    """How many gates stand against each person."""
    hit = np.zeros(len(masks), np.int8)
    for bits in GATE_BITS.values():
        hit += (masks & np.uint32(bits)) != 0
    return hit


def gate_counts(masks: Words) -> tuple[GateCount, ...]:
    """Gates that remove anybody, in the order of ``codes.GATES``."""
    hit = gates_hit(masks)
    alone = masks[hit == 1]
    counted = (
        GateCount(gate, int(np.count_nonzero(masks & np.uint32(bits))), int(np.count_nonzero(alone & np.uint32(bits))))
        for gate, bits in GATE_BITS.items()
    )
    return tuple(count for count in counted if count.removed)


def pack(ids: Ids, masks: Words) -> bytes:
    """Ascending ids as steps from one to the next, then the masks: little-endian 64 and 32 bits, compressed."""
    steps = np.diff(ids, prepend=0).astype("<i8")
    return zlib.compress(steps.tobytes() + masks.astype("<u4").tobytes(), level=1)


def unpack(packed: bytes | memoryview) -> tuple[Ids, Words]:
    """(ids, masks) again; nobody for what is empty. Raises ValueError for anything else."""
    if not len(packed):
        return np.empty(0, np.int64), np.empty(0, np.uint32)
    try:
        data = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("not packed masks") from error
    people, odd = divmod(len(data), 12)
    if odd:
        raise ValueError("not packed masks")
    steps: Any = np.frombuffer(data, "<i8", people)
    masks: Any = np.frombuffer(data, "<u4", people, offset=8 * people)
    return np.cumsum(steps), masks.astype(np.uint32)
