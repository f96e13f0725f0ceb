"""Translatable and hard-coded texts in Django templates, read with Django's own lexer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

from staffing.core.messages.types import CJK, DATA_MARK, Extract, Finding, Text

QUOTED = r"""(?:"(?P<double{0}>[^"]*)"|'(?P<single{0}>[^']*)')"""
TRANSLATE = re.compile(rf"^trans(?:late)?\s+{QUOTED.format(1)}")
BLOCK = re.compile(r"^blocktrans(?:late)?(?:\s|$)")
END_BLOCK = re.compile(r"^endblocktrans(?:late)?$")
CONTEXT = re.compile(rf"\bcontext\s+{QUOTED.format(1)}")
CONSTANT = re.compile(rf"\b_\({QUOTED.format(1)}\)")
# Inside blocktranslate Django looks up the bare name: a dotted or filtered one would silently be empty.
BARE_NAME = re.compile(r"^\w+$")
COMMENT, END_COMMENT, PLURAL = "comment", "endcomment", "plural"


@dataclass(slots=True)
class Block:
    """An open `{% blocktranslate %}`."""

    opening: Token
    singular: list[str] = field(default_factory=list)
    plural: list[str] | None = None

    def write(self, part: str) -> None:
        (self.singular if self.plural is None else self.plural).append(part)

    def text(self, file: str) -> Text:
        """The msgid as Django builds it at run time."""
        trimmed = "trimmed" in self.opening.split_contents()
        singular, plural = ("".join(parts or ()) for parts in (self.singular, self.plural))
        if trimmed:
            singular, plural = trim_whitespace(singular), trim_whitespace(plural)
        context = CONTEXT.search(self.opening.contents)
        return Text(
            quoted(context) if context else "",
            singular,
            None if self.plural is None else plural,
            file,
            line_of(self.opening),
        )


def extract(source: str, file: str) -> Extract:
    """Texts and findings of one template."""
    reader = _Reader(file, source.splitlines())
    for token in Lexer(source).tokenize():
        reader.read(token)
    if reader.block:
        reader.complain(reader.block.opening, "syntax", "blocktranslate is never closed")
    return reader.found


def quoted(match: re.Match[str]) -> str:
    """What stands between the quotes."""
    return match["double1"] if match["double1"] is not None else match["single1"]


def line_of(token: Token) -> int:
    return token.lineno or 1


def escaped(text: str) -> str:
    """Django doubles percent signs before it looks a template text up."""
    return text.replace("%", "%%")


class _Reader:
    """Walks the tokens; knows whether it stands in a comment or in a blocktranslate."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines
        self.found = Extract()
        self.block: Block | None = None
        self.in_comment = False

    def read(self, token: Token) -> None:
        if self.in_comment:
            self.in_comment = token.contents != END_COMMENT
        elif self.block:
            self._inside(self.block, token)
        elif token.token_type == TokenType.TEXT:
            self._hard_coded(token, token.contents)
        elif token.token_type == TokenType.VAR:
            self._constants(token, token.contents)
        elif token.token_type == TokenType.BLOCK:
            self._tag(token)

    def complain(self, token: Token, kind: str, text: str, offset: int = 0) -> None:
        self.found.findings.append(Finding(self.file, line_of(token) + offset, kind, text))

    def _tag(self, token: Token) -> None:
        translated = TRANSLATE.match(token.contents)
        if token.contents == COMMENT:
            self.in_comment = True
        elif BLOCK.match(token.contents):
            self.block = Block(token)
            self._constants(token, CONTEXT.sub("", token.contents))
        elif translated:
            context = CONTEXT.search(token.contents)
            self._text(token, quoted(translated), quoted(context) if context else "")
            self._constants(token, CONTEXT.sub("", TRANSLATE.sub("", token.contents)))
        else:
            self._constants(token, token.contents)

    def _inside(self, block: Block, token: Token) -> None:
        if token.token_type == TokenType.TEXT:
            block.write(escaped(token.contents))
        elif token.token_type == TokenType.VAR:
            block.write(f"%({token.contents})s")
            if not BARE_NAME.match(token.contents):
                self.complain(token, "syntax", f"{token.contents}: bind it with `with` to a plain name")
        elif token.contents == PLURAL:
            block.plural = []
        elif END_BLOCK.match(token.contents):
            self.found.texts.append(block.text(self.file))
            self.block = None
        elif token.token_type == TokenType.BLOCK:
            self.complain(token, "syntax", f"{token.contents}: no tag may stand inside blocktranslate")

    def _constants(self, token: Token, contents: str) -> None:
        """Texts in `_("…")` anywhere in a tag or variable; other Chinese there is hard-coded."""
        for match in CONSTANT.finditer(contents):
            self._text(token, quoted(match))
        self._hard_coded(token, CONSTANT.sub("", contents))

    def _text(self, token: Token, text: str, context: str = "") -> None:
        self.found.texts.append(Text(context, escaped(text), None, self.file, line_of(token)))

    def _hard_coded(self, token: Token, contents: str) -> None:
        for offset, line in self._chinese_lines(token, contents):
            self.complain(token, "hard-coded", line, offset)

    def _chinese_lines(self, token: Token, contents: str) -> Iterator[tuple[int, str]]:
        for offset, line in enumerate(contents.split("\n")):
            if CJK.search(line) and DATA_MARK not in self.lines[line_of(token) + offset - 1]:
                yield offset, line
