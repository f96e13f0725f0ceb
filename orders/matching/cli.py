"""The command line of the engine: an instance file in, the best assignments out.

Exit codes: 0 solved (also where the time limit stopped it), 2 wrong usage or a bad file, 3 a file that cannot be
read or written, 130 interrupted.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

from .cli_steps import EFFORTS, Steps
from .formats.reading import BadFile
from .formats.writing import json_text, solution_text, write_text

SOLVED: Final = 0
BAD_FILE: Final = 2
NO_ACCESS: Final = 3
INTERRUPTED: Final = 130

EXAMPLES: Final = """\
examples:
  python -m orders.matching week.json.gz -o plan.json --stats
  python -m orders.matching week.json --explain 17
  python -m orders.matching --compile
"""


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    begun = time.perf_counter()
    options = _options(argv)
    # millions of small lists that live to the end: looking for cycles among them takes longer than reading them
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _run(options, begun)
    except BadFile as error:
        return _complain(f"{options.instance}: {error}", BAD_FILE)
    except BrokenPipeError:
        # nobody reads standard output any more; its flush at exit must not complain again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_ACCESS
    except OSError as error:
        return _complain(f"{error.filename or options.instance}: {error.strerror or error}", NO_ACCESS)
    except KeyboardInterrupt:
        return _complain("interrupted, nothing written", INTERRUPTED)
    finally:
        if collecting:
            gc.enable()


def _run(options: argparse.Namespace, begun: float) -> int:
    if options.compile:
        from .cli_compile import compile_all

        return compile_all(Steps(sys.stderr))
    if options.output:
        _expect_writable(options.output)
    from .cli_work import work

    outcome = work(options, Steps(sys.stderr), begun)
    text = solution_text(outcome.pairs)
    with outcome.steps.step("write"):
        if options.output:
            write_text(options.output, text)
        elif options.explain is None:
            _print(text)
    if outcome.explained:
        _print(json_text(outcome.explained.data))
        _print(outcome.explained.text + "\n", sys.stderr)
    if options.stats:
        busy = not options.output or outcome.explained
        _print(json_text(outcome.stats()), sys.stderr if busy else sys.stdout)
    return SOLVED


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m orders.matching",
        description="Finds the best assignment of people to shifts.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("instance", nargs="?", type=Path, metavar="INSTANCE", help="instance, .json or .json.gz")
    parser.add_argument("-o", "--output", type=Path, metavar="SOLUTION", help="where to write (standard output)")
    limit = "seconds from the start of the run, or none (60)"
    parser.add_argument("--time-limit", type=_seconds, default=60.0, metavar="S", help=limit)
    parser.add_argument("--effort", choices=EFFORTS, default="best", help="how far to search (best)")
    parser.add_argument("--explain", type=int, metavar="SHIFT", help="why these people for this shift, as JSON")
    parser.add_argument("--stats", action="store_true", help="print sizes, value, seconds and memory as JSON")
    parser.add_argument("--bound", action="store_true", help="compute what no plan can exceed")
    parser.add_argument("--compile", action="store_true", help="build the compiled code's cache and leave")
    options = parser.parse_args(argv)
    if (options.instance is None) != options.compile:
        parser.error("give an INSTANCE, or --compile alone")
    return options


def _seconds(text: str) -> float | None:
    if text == "none":
        return None
    seconds = float(text)
    if not (seconds >= 0 and math.isfinite(seconds)):
        raise argparse.ArgumentTypeError(f"must be a number of seconds from 0 on, not {text}")
    return seconds


def _expect_writable(path: Path) -> None:
    """Fail before the work, not after it. Raises OSError."""
    folder = path.parent
    if not folder.is_dir():
        raise FileNotFoundError(2, "no such folder", str(folder))
    if path.is_dir():
        raise IsADirectoryError(21, "is a folder", str(path))
    if not os.access(folder, os.W_OK):
        raise PermissionError(13, "not writable", str(folder))


def _print(text: str, to: TextIO | None = None) -> None:
    stream = to or sys.stdout
    stream.write(text)
    stream.flush()


def _complain(text: str, code: int) -> int:
    _print(text.replace("\n", " ") + "\n", sys.stderr)
    return code
