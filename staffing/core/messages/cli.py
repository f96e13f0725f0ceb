"""The options of the message tool and what they do; shared by `manage.py messages` and `python -m`."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from staffing.core.messages import catalogue
from staffing.core.messages.check import findings
from staffing.core.messages.sources import collect

Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. Without `check` and `compile` the catalogue is updated."""

    check: bool = False
    compile: bool = False
    fill: Path | None = None
    missing: Path | None = None

    @property
    def updates(self) -> bool:
        return bool(self.fill or self.missing) or not (self.check or self.compile)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="list what is not whole, exit 1 if anything is")
    parser.add_argument("--compile", action="store_true", help="write the .mo files that the running system reads")
    parser.add_argument("--fill", type=Path, metavar="FILE", help='JSON to merge: {"msgid": "text" or ["one", "many"]}')
    parser.add_argument("--missing", type=Path, metavar="FILE", help="write what is missing, in the form of --fill")


def run(root: Path, options: Options, out: Write) -> int:
    """Updates, fills, compiles and checks, in this order, as asked; returns the exit status."""
    if options.updates:
        _update(root, options, out)
    if options.compile:
        for path in catalogue.compile_all(root):
            out(f"{path.relative_to(root)} compiled")
    return _check(root, out) if options.check else 0


def _update(root: Path, options: Options, out: Write) -> None:
    path = catalogue.po_path(root)
    merged = catalogue.merge(collect(root).texts, catalogue.read(path))
    if options.fill:
        for name in catalogue.fill(merged, json.loads(options.fill.read_text(encoding="utf-8"))):
            out(f"not in the sources, left out: {name}")
    changed = catalogue.write(merged, path)
    missing = catalogue.missing(merged)
    if options.missing:
        text = json.dumps(missing, ensure_ascii=False, indent=1)
        options.missing.write_text(f"{text}\n", encoding="utf-8")
    out(f"{len(merged)} texts, {len(missing)} missing, catalogue {'written' if changed else 'unchanged'}")


def _check(root: Path, out: Write) -> int:
    path = catalogue.po_path(root)
    found = findings(collect(root), catalogue.read(path), path.relative_to(root).as_posix())
    for finding in found:
        out(str(finding))
    out(f"{len(found)} findings" if found else "translations are whole")
    return 1 if found else 0
