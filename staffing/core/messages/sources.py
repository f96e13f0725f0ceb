"""Which files hold texts for users, and what all of them together say."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from staffing.core.messages import python, template
from staffing.core.messages.types import CJK, DATA_MARK, Extract, Finding, Key, Source, Text

TEMPLATES = "templates"
TEMPLATE_SUFFIXES = frozenset({".html", ".txt"})
# Migrations hold frozen copies of texts that the models translate.
SKIPPED_FOLDERS = frozenset({"migrations", "tests", "node_modules", "__pycache__"})
SCRIPTS, VENDOR = "static", "vendor"
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//.*|^\s*\*.*|/\*.*")
# Invented people, companies and catalogues of the trade: rows of the database or samples, not words of the interface.
DATA_FILES = (
    "staffing/demo/*",
    "staffing/core/gallery.py",
    "templates/gallery/*",
    "*/fixtures/*",
    "*/seed/*",
    "*/catalogue/*",
    "workers/scales.py",
    "staffing/core/messages/*",
)


def collect(root: Path) -> Extract:
    """Every text and finding under `root`, in the order of file names."""
    found = Extract()
    for source in sorted(python_files(root), key=lambda one: one.name):
        found.add(_visible(source, python.extract(source.path.read_text(encoding="utf-8"), source.name)))
    for source in sorted(template_files(root), key=lambda one: one.name):
        found.add(_visible(source, template.extract(source.path.read_text(encoding="utf-8"), source.name)))
    found.findings.extend(_contradictions(found.texts))
    found.findings.extend(_script_findings(root))
    return found


def packages(root: Path) -> list[Path]:
    """The Python packages at the top of the project."""
    return [path.parent for path in root.glob("*/__init__.py") if path.parent.name not in SKIPPED_FOLDERS]


def python_files(root: Path) -> Iterator[Source]:
    for package in packages(root):
        yield from _files(root, package, frozenset({".py"}))


def template_files(root: Path) -> Iterator[Source]:
    for folder in (root / TEMPLATES, *(package / TEMPLATES for package in packages(root))):
        yield from _files(root, folder, TEMPLATE_SUFFIXES)


def _files(root: Path, folder: Path, suffixes: frozenset[str]) -> Iterator[Source]:
    for path in folder.rglob("*"):
        name = path.relative_to(root)
        if path.suffix in suffixes and SKIPPED_FOLDERS.isdisjoint(name.parts):
            yield Source(path, name.as_posix())


def _script_findings(root: Path) -> Iterator[Finding]:
    """Chinese in our own JavaScript: its words must come from the page, where they are translated."""
    for source in _files(root, root / SCRIPTS, frozenset({".js"})):
        if VENDOR in Path(source.name).parts:
            continue
        for number, line in enumerate(source.path.read_text(encoding="utf-8").splitlines(), 1):
            if DATA_MARK not in line and CJK.search(SCRIPT_COMMENT.sub("", line)):
                yield Finding(source.name, number, "hard-coded", line)


def _visible(source: Source, found: Extract) -> Extract:
    """Data files may hold Chinese literals; whatever else is wrong with them counts."""
    if any(fnmatch(source.name, pattern) for pattern in DATA_FILES):
        found.findings = [finding for finding in found.findings if finding.kind != "hard-coded"]
    return found


def _contradictions(texts: list[Text]) -> Iterator[Finding]:
    """One singular with two different plurals cannot be told apart in a catalogue."""
    plurals: dict[Key, str] = {}
    for text in texts:
        if text.plural is not None and plurals.setdefault(text.key, text.plural) != text.plural:
            yield Finding(text.file, text.line, "two plurals", text.singular)
