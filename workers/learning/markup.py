"""The few marks a lesson's text knows. The result is data: the page writes it, so nothing in it is ever HTML.

A blank line parts blocks. `## ` begins a heading, `- ` lines are a list, `! ` is a note to remember, all else is a
paragraph whose lines are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

HEADING, ITEM, NOTE = "## ", "- ", "! "
KINDS: Final = {HEADING: "heading", ITEM: "list", NOTE: "note"}


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: heading, list, note or text; `lines`: what stands in it, without its mark."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """The blocks of a text in their order; neighbouring lines of one kind are one block."""
    return [block for part in _parts(text) for block in _split(part)]


def _parts(text: str) -> Iterator[list[str]]:
    """Runs of lines between blank ones."""
    run: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        if line.strip():
            run.append(line.strip())
        elif run:
            yield run
            run = []


def _split(lines: Sequence[str]) -> Iterator[Block]:
    kind, held = "", list[str]()
    for line in lines:
        now, words = _read(line)
        if held and (now != kind or now == "heading"):
            yield Block(kind, tuple(held))
            held = []
        kind = now
        held.append(words)
    yield Block(kind, tuple(held))


def _read(line: str) -> tuple[str, str]:
    mark = next((mark for mark in KINDS if line.startswith(mark)), "")
    return KINDS.get(mark, "text"), line.removeprefix(mark).strip()
