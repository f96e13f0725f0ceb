"""The command line: `python -m staffing.runner demo | story | manage … | ephemeral …`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from staffing.runner import demo, ephemeral
from staffing.runner.options import Options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m staffing.runner", description="Runs the product on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("demo", help="start everything and look after it")
    start.add_argument("--host", default="127.0.0.1")
    start.add_argument("--port", type=int, default=8000)
    start.add_argument("--scale", type=int, default=1, help="1 is about 20 orders a day, 4 is about 80")
    start.add_argument("--reset", action="store_true", help="remove the data of earlier runs first")
    start.add_argument("--die-with-parent", action="store_true", help="stop when the parent (make) is killed")
    story = commands.add_parser("story", help="drive the running demo through its main line")
    manage = commands.add_parser("manage", help="run a manage.py command against the running demo")
    servers = commands.add_parser("ephemeral", help="start servers for one command, or until standard input ends")
    servers.add_argument("--home", type=Path, help="keep the data in this directory")
    for each in (story, manage, servers):
        each.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def main(argv: list[str]) -> int:
    """Run one command and return its exit code; 2 where it could not even begin."""
    try:
        return _run(_parser().parse_args(argv))
    except PermissionError as error:
        print(f"{error.filename} belongs to another user: {error.strerror}", file=sys.stderr)
        return demo.EXIT_REFUSED


def _run(chosen: argparse.Namespace) -> int:
    if chosen.command == "demo":
        options = Options(chosen.host, chosen.port, chosen.scale, chosen.reset)
        return demo.run(options, die_with=os.getppid() if chosen.die_with_parent else None)
    if chosen.command == "story":
        return demo.in_demo(["story", *chosen.arguments])
    if chosen.command == "manage":
        return demo.in_demo(chosen.arguments)
    command = chosen.arguments[1:] if chosen.arguments[:1] == ["--"] else chosen.arguments
    return ephemeral.run(command, chosen.home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
