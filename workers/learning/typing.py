"""How fast and how exactly somebody typed, and whether a person can have typed like that.

The browser reports what it saw, one chunk for each change of the field: a key, a word that an input method has put in
place, something taken out. It is believed in what it says was typed; not in the time. That is the server's.

Speed is net: characters that are right, by the smallest number of corrections (Levenshtein 1966) against the
beginning of the text, a minute. A word of English is five characters, as in every typing test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

WORD: Final = 5
MINUTE_MS: Final = 60_000
# Corrections are looked for this far from the straight line: whoever is further off has not typed this text.
BAND: Final = 60
WINDOW_MS: Final = 5_000
# From so many chunks on their pauses say whether hands made them.
EVEN_FROM, EVEN_MS, EVEN_SHARE = 30, 4.0, 0.05
MOST_CHUNKS, MOST_TEXT = 5_000, 4_000


class Unreadable(ValueError):
    """The report is not what the page sends."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """At `at` ms `removed` characters from `start` on gave way to `text`; `kind`: key, composed or paste."""

    at: int
    start: int
    removed: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`limit_ms` of typing; `grace_ms` that the way to the server may take; `lag_ms` that its end may lag behind.

    `chunk_most`: characters put in place at once; `fastest`: characters a minute that no hand exceeds.
    """

    limit_ms: int
    grace_ms: int
    lag_ms: int
    chunk_most: int
    fastest: int
    least_accuracy: int


@dataclass(frozen=True, slots=True)
class Measure:
    """`accuracy` in whole percent of what was typed; `speed` in characters or words a minute."""

    typed: int
    errors: int
    accuracy: int
    speed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured, and why it does not count ("" if it does)."""

    refusal: str
    measure: Measure | None = None


def read(report: Any) -> list[Chunk]:
    """The chunks of a report. Raises `Unreadable` for anything else."""
    if not isinstance(report, list) or len(report) > MOST_CHUNKS:
        raise Unreadable("not a list of chunks")
    return [_chunk(row) for row in report]


def _chunk(row: Any) -> Chunk:
    if not isinstance(row, Mapping):
        raise Unreadable("not a chunk")
    at, start, removed = (row.get(name) for name in ("at", "start", "removed"))
    text, kind = row.get("text"), row.get("kind")
    if not all(type(number) is int and 0 <= number < 10**9 for number in (at, start, removed)):
        raise Unreadable("not a number")
    if not isinstance(text, str) or len(text) > MOST_TEXT or kind not in ("key", "composed", "paste"):
        raise Unreadable("not a text")
    return Chunk(int(at or 0), int(start or 0), int(removed or 0), text, kind)


def replay(chunks: Sequence[Chunk]) -> str:
    """What stands in the field in the end. Raises `Unreadable` where a chunk does not fit what stood there."""
    text = ""
    for chunk in chunks:
        if chunk.start + chunk.removed > len(text):
            raise Unreadable("outside the field")
        text = text[: chunk.start] + chunk.text + text[chunk.start + chunk.removed :]
        if len(text) > MOST_TEXT:
            raise Unreadable("too long")
    return text


def errors(text: str, typed: str, band: int = BAND) -> int:
    """The least number of characters to put in, take out or exchange so that `typed` begins `text`."""
    far = len(typed)
    row = {column: column for column in range(min(len(text), band) + 1)}
    for line, char in enumerate(typed, start=1):
        low, high = max(0, line - band), min(len(text), line + band)
        fresh: dict[int, int] = {}
        for column in range(low, high + 1):
            best = min(row.get(column, far), fresh.get(column - 1, far)) + 1
            if column:
                best = min(best, row.get(column - 1, far) + (text[column - 1] != char))
            fresh[column] = best
        row = fresh
    return min(far, *row.values()) if row else far


def measure(text: str, typed: str, elapsed_ms: int, *, words: bool) -> Measure:
    """Of what was typed in that time; `words`: the speed is in words of five characters."""
    wrong = errors(text, typed)
    right = len(typed) - wrong
    accuracy = 100 * right // len(typed) if typed else 0
    unit = WORD if words else 1
    return Measure(len(typed), wrong, accuracy, right * MINUTE_MS // (max(elapsed_ms, 1) * unit))


def judge(text: str, chunks: Sequence[Chunk], server_ms: int, rules: Rules, *, words: bool) -> Verdict:
    """Measure a report that came `server_ms` after the text was handed out, and say why it does not count.

    Refusals: empty, paste, broken (chunks that cannot follow each other), clock (its times are not the server's),
    late, chunk (more at once than a word), fast, even (pauses no hand makes), inexact.
    """
    if refusal := _refusal(chunks, server_ms, rules):
        return Verdict(refusal)
    try:
        typed = replay(chunks).rstrip()
    except Unreadable:
        return Verdict("broken")
    if not typed:
        return Verdict("empty")
    found = measure(text, typed, _elapsed(chunks, server_ms, rules), words=words)
    return Verdict("inexact" if found.accuracy < rules.least_accuracy else "", found)


def _elapsed(chunks: Sequence[Chunk], server_ms: int, rules: Rules) -> int:
    """By the server's clock, less what the way may have taken; never less than the typing itself."""
    return min(max(chunks[-1].at, server_ms - rules.grace_ms), rules.limit_ms)


def _refusal(chunks: Sequence[Chunk], server_ms: int, rules: Rules) -> str:
    if not chunks:
        return "empty"
    if any(chunk.kind == "paste" for chunk in chunks):
        return "paste"
    times = [chunk.at for chunk in chunks]
    if times != sorted(times):
        return "broken"
    if server_ms > rules.limit_ms + rules.lag_ms:
        return "late"
    if times[-1] > min(server_ms, rules.limit_ms) + rules.grace_ms:
        return "clock"
    return _by_no_hand(chunks, rules)


def _by_no_hand(chunks: Sequence[Chunk], rules: Rules) -> str:
    if any(len(chunk.text) > rules.chunk_most for chunk in chunks):
        return "chunk"
    if _too_fast(chunks, rules):
        return "fast"
    return "even" if _even([chunk for chunk in chunks if chunk.text]) else ""


def _too_fast(chunks: Sequence[Chunk], rules: Rules) -> bool:
    """Whether some seconds held more than the fastest hand, and one word more, puts in place."""
    most = rules.fastest * WINDOW_MS // MINUTE_MS + rules.chunk_most
    first, held = 0, 0
    for chunk in chunks:
        held += len(chunk.text)
        while chunks[first].at <= chunk.at - WINDOW_MS:
            held -= len(chunks[first].text)
            first += 1
        if held > most:
            return True
    return False


def _even(chunks: Sequence[Chunk]) -> bool:
    """Whether the pauses hardly differ: a script keeps time as no hand does."""
    if len(chunks) < EVEN_FROM:
        return False
    pauses = [late.at - early.at for early, late in pairwise(chunks)]
    mean = sum(pauses) / len(pauses)
    spread = (sum((pause - mean) ** 2 for pause in pauses) / len(pauses)) ** 0.5
    return spread < max(EVEN_MS, mean * EVEN_SHARE)
