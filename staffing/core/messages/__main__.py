"""`python -m staffing.core.messages`: the same as `manage.py messages`, before there are any settings."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from staffing.core.messages.cli import Options, add_arguments, run

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="messages", description="Collect, fill, check and compile translations.")
    add_arguments(parser)
    return run(ROOT, Options(**vars(parser.parse_args(arguments))), print)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
