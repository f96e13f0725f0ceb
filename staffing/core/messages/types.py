"""What the extractors find."""

import re
from dataclasses import dataclass, field
from pathlib import Path

# Ideographs, CJK punctuation and full-width forms: none of them belongs on an English page.
CJK = re.compile(r"[\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e]")
# Written on a line (or the first line of a statement) whose Chinese is data, not interface.
DATA_MARK = "i18n: data"
# A language is listed in its own script everywhere.
OWN_SCRIPT = frozenset({"简体中文", "中文"})

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and its name as shown."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A translatable text: context ("" for none), singular, plural if it has one, and where it stands."""

    context: str
    singular: str
    plural: str | None
    file: str
    line: int

    @property
    def key(self) -> Key:
        return self.context, self.singular


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to put right."""

    file: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind}: {' '.join(self.text.split())[:120]}"


@dataclass(slots=True)
class Extract:
    """All that one or many files held."""

    texts: list[Text] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Extract") -> None:
        self.texts.extend(other.texts)
        self.findings.extend(other.findings)
