"""What happens while somebody waits, with the instance's people in Postgres and none of its orders.

    python -m staffing.runner ephemeral -- python -m bench.online INSTANCE

makes the tables, fills them, and prints one line of JSON with what :mod:`bench.inprocess` and :mod:`bench.posting`
measure, each in a process of its own. Needs the environment of `bench.servers`.
"""

from __future__ import annotations

import json
import sys

import django

from bench.processes import ask


def prepare(path: str) -> None:
    """Make the tables and fill them with people, clients and what is booked already."""
    django.setup()
    from django.core.management import call_command

    from bench import agency, rows, staffgen

    call_command("migrate", verbosity=0)
    instance = staffgen.load(path)
    rows.fill(rows.tables(instance, open_orders=False))
    rows.fill(agency.tables(instance["clients"]))


def main(argv: list[str]) -> int:
    """Everything, or one of the two."""
    from staffing.runner.machine import free_port

    path, wanted = argv[0], argv[1:] or ["inprocess", "posting"]
    prepare(path)
    found = {}
    if "inprocess" in wanted:
        found["inprocess"] = ask("bench.inprocess", path)
    if "posting" in wanted:
        found["posting"] = ask("bench.posting", path, free_port())
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
