"""The reasons of a whole pool as bits: counted by gate, packed for storage."""

from __future__ import annotations

import struct
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .codes import GATE_BITS
from .types import GateCount

Words = NDArray[np.uint32]
Ids = NDArray[np.int64]

# the first id, how many people and different masks, how many bytes a step and a mask's place take
_HEADER: Final = struct.Struct("<qIIBB")
# Before the compressed bytes, which never begin so themselves: rows stored before the present form have nothing there.
_FORM: Final = b"\x02"


def gates_hit(masks: Words) -> NDArray[np.int8]:
    """How many gates stand against each person."""
    hit = np.zeros(len(masks), np.int8)
    for bits in GATE_BITS.values():
        hit += (masks & np.uint32(bits)) != 0
    return hit


def gate_counts(masks: Words, times: NDArray[np.int64] | None = None) -> tuple[GateCount, ...]:
    """Gates that remove anybody, in the order of ``codes.GATES``; ``times``: so many people have each mask."""
    many = np.ones(len(masks), np.int64) if times is None else times
    alone = np.where(gates_hit(masks) == 1, many, 0)
    hit = {gate: (masks & np.uint32(bits)) != 0 for gate, bits in GATE_BITS.items()}
    counted = (GateCount(gate, int(many[which].sum()), int(alone[which].sum())) for gate, which in hit.items())
    return tuple(count for count in counted if count.removed)


def pack(ids: Ids, masks: Words, of: NDArray[np.integer[Any]] | None = None) -> bytes:
    """Ascending ids with their masks, compressed; ``of``: ``masks`` are the different ones, this is which of them each
    person has.

    After `_FORM`, compressed and little-endian: `_HEADER`; the masks, 32 bits each; of each person the step from the
    id before (0 for the first), then the place of the mask, both in as few bytes as the largest needs, the lowest
    bytes of all people first: a byte that is like the one before it takes next to no room.
    """
    if not len(ids):
        return b""
    if of is None:
        masks, of = np.unique(masks, return_inverse=True)
    steps = np.diff(ids, prepend=ids[:1])
    widths = _bytes_for(int(steps.max())), _bytes_for(len(masks))
    pressed = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    parts = [_FORM, pressed.compress(_HEADER.pack(int(ids[0]), len(ids), len(masks), *widths))]
    parts += [pressed.compress(masks.astype("<u4").tobytes())]
    parts += [pressed.compress(_planes(column, width)) for column, width in zip((steps, of), widths, strict=True)]
    return b"".join([*parts, pressed.flush()])


def unpack(packed: bytes | memoryview) -> tuple[Ids, Words]:
    """(ids, masks) again; nobody for what is empty. Raises ValueError for anything else."""
    if not len(packed):
        return np.empty(0, np.int64), np.empty(0, np.uint32)
    present = bytes(packed[:1]) == _FORM
    try:
        data = zlib.decompress(packed[1:] if present else packed)
        return _unpacked(data) if present else _of_old(data)
    except (zlib.error, struct.error) as error:
        raise ValueError("not packed masks") from error


def _of_old(data: bytes) -> tuple[Ids, Words]:
    """As it was stored first: steps from one id to the next, 64 bits each, then the masks."""
    people, odd = divmod(len(data), 12)
    if odd:
        raise ValueError("not packed masks")
    steps: Any = np.frombuffer(data, "<i8", people)
    masks: Any = np.frombuffer(data, "<u4", people, offset=8 * people)
    return np.cumsum(steps), masks.astype(np.uint32)


def _unpacked(data: bytes) -> tuple[Ids, Words]:
    first, people, kinds, *widths = _HEADER.unpack_from(data)
    if len(data) != _HEADER.size + 4 * kinds + people * sum(widths) or not all(
        width in (1, 2, 4, 8) for width in widths
    ):
        raise ValueError("not packed masks")
    masks: Any = np.frombuffer(data, "<u4", kinds, offset=_HEADER.size)
    at = _HEADER.size + 4 * kinds
    steps, of = _whole(data, at, people, widths[0]), _whole(data, at + people * widths[0], people, widths[1])
    if people and int(of.max()) >= kinds:
        raise ValueError("not packed masks")
    return first + np.cumsum(steps), masks[of].astype(np.uint32)


def _bytes_for(most: int) -> int:
    return next(width for width in (1, 2, 4, 8) if most < 1 << 8 * width)


def _planes(values: NDArray[np.integer[Any]], width: int) -> bytes:
    """The lowest byte of every value, then the next."""
    return values.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T.tobytes()


def _whole(data: bytes, at: int, count: int, width: int) -> NDArray[np.int64]:
    planes = np.frombuffer(data, np.uint8, count * width, offset=at).reshape(width, count)
    return np.ascontiguousarray(planes.T).view(f"<u{width}")[:, 0].astype(np.int64)
