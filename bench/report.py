"""docs/benchmarks.md: figures as tables that people can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bench import targets
from bench.figures import best_known, warm
from bench.files import Json

Row = Sequence[str]

INTRODUCTION = """\
# Benchmarks

Written by `make bench` on {when:%Y-%m-%d %H:%M %z}, by a run{arguments}. Do not edit: run it again. Bounds, HiGHS' and
CP-SAT's results may come from an earlier run on the same instance; all else was measured in this one.

{machine}

**To repeat it:** `make bench` measures everything (hours, because bounds and branch and bound of the largest instances
are computed once and then kept in `.local/bench`); `make bench ARGS="--sizes S M --seeds 1"` takes minutes. Instances
come from `bench/staffgen.py` by size, profile and seed, so they are the same everywhere; every solution goes through
its checker. HiGHS and OR-Tools come with `pip install '.[bench]'`; where one is missing, its column says so.
"""

QUALITY = """\
## Quality

*Bound*: what no plan can exceed (LP with clique rows, `staffgen bound`). *Sharp*: the same, but with everybody's hours
in whole shifts (Lagrangian, `bench/sharp.py`). *Best known*: the highest value any method here has reached, ours among
them and HiGHS' branch and bound (the best 6n + 10 people of each shift, or more of them).
*Scarcest first* and *CP-SAT* (one thread, the best 6n + 10 people) run beside ours on the same instance. The score is
that of the command with its best effort; *quick effort* is what the product runs while somebody waits.
"""

TIMES = """\
## Time and memory of the command

Seconds of one fresh `python -m orders.matching` from the file to the solution (*whole* with Python's start), then the
engine alone with its code loaded: median milliseconds of five runs, and its memory over a bare interpreter.
"""

PRODUCT = """\
## In the product: from Postgres to committed proposals

The instance as the product's own rows in an embedded Postgres (not durable), read, matched and written in a fresh
process by the product's own functions: reader, index, open places of the horizon, plan (quick effort), backups, the
words of whoever was chosen (*tell*), and all rows, audit events and announcements in one transaction (*commit*). *Code*
is what a worker does at its start, before anything is read: the compiled engine is loaded and run once on a made-up
pool. *Cold* is everything from the first byte read to the commit; *warm* is pairs and solve again in the same process.
Memory is the most the process held, less a bare interpreter with nothing imported ({interpreter}); *code, MB* is the
same before the first byte is read (Django, Numba, LLVM, the compiled engine). The *naive loop* goes shift by
shift with the ORM's joins and Python; where it says "of", it was timed on that many shifts and extrapolated.
"""

ONLINE = """\
## One order at a time

With the {people:,} people of {name} in Postgres, and none of its orders. *In one process*: the engine as the product
calls it, with the pool kept in memory; milliseconds over so many random shifts or orders of the instance. The SQL way
is what the product falls back to; it found the very same people on {same} of {sql} shifts.
"""

POSTING = """\
*Against the real app* (gunicorn 2 × 4 threads, the Celery workers for matching and timers, Valkey, production settings,
no beat): a client's program posts a draft, then submits it; one order after the other, warm. *Posted to stored* runs
from just before the first byte of the submitting POST to the moment at which PostgreSQL tells the commit of the
order's `MatchRun` (a trigger of the benchmark NOTIFYs, which is delivered at the commit). The bare POSTs are
authenticated ones of the same app that change nothing: the submission of an order that was submitted already (answered
with the whole order), and of an order of somebody else (404).
"""

TARGETS = """\
## What is met and what is missed

The worst of all instances of each kind.
"""

LOOKALIKES = """\
## Look-alikes of public instances

Personnel task scheduling (tasks of a day, built around a hidden roster that is 90 % busy, workers qualified for
33–66 % of the tasks) and assignment (costs 1–100), from `bench/lookalike.py`. `python -m bench.public` turns the
public files themselves into the same form.
"""


def text(
    results: Sequence[Json], lookalikes: Sequence[Json], machine: Mapping[str, str], when: datetime, arguments: Row
) -> str:
    """The whole document."""
    given = f" of `python -m bench {' '.join(arguments)}`" if arguments else ""
    told = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    parts = [
        INTRODUCTION.format(when=when, arguments=given, machine=told),
        QUALITY,
        table(QUALITY_COLUMNS, results),
        TIMES,
        table(TIME_COLUMNS, results),
    ]
    if measured := [one for one in results if "product" in one]:
        parts += [PRODUCT.format(interpreter=_interpreter(measured)), table(PRODUCT_COLUMNS, measured)]
    for one in results:
        parts += online(one) if "inprocess" in one.get("online", {}) else []
    if lookalikes:
        parts += [LOOKALIKES, table(LOOKALIKE_COLUMNS, lookalikes)]
    verdicts = targets.judged(results, lookalikes)
    return "\n".join([*parts, TARGETS, table(TARGET_COLUMNS, verdicts), targets.reasons(verdicts)])


def _interpreter(measured: Sequence[Json]) -> str:
    """Megabytes of the bare interpreter, as the last run found them."""
    found = [one["product"]["interpreter_mb"] for one in measured if "interpreter_mb" in one["product"]]
    return f"{found[-1]:.0f} MB" if found else "not measured"


def online(one: Json) -> list[str]:
    """The two tables of one order at a time."""
    inside = one["online"]["inprocess"]
    title = ONLINE.format(people=inside["people"], name=one["name"], same=inside["sql"]["same"], sql=inside["sql"]["n"])
    rows = [inside[key] | {"name": name} for key, name in INSIDE.items() if key in inside]
    parts = [title, table(ONLINE_COLUMNS, rows)]
    if "posting" not in one["online"]:
        return parts
    posting = one["online"]["posting"]
    rows = [posting["posted"][key] | {"name": name} for key, name in POSTED.items()]
    rows += [posting["bare"][key] | {"name": name} for key, name in BARE.items()]
    return [*parts, POSTING, table(ONLINE_COLUMNS, rows)]


def table(columns: Mapping[str, Callable[[Json], str]], rows: Sequence[Json]) -> str:
    """A Markdown table; a figure that there is not is a dash."""
    head = [f"| {' | '.join(columns)} |", f"|{'|'.join('---' if not i else '---:' for i in range(len(columns)))}|"]
    return (
        "\n".join([*head, *(f"| {' | '.join(cell(make, row) for make in columns.values())} |" for row in rows)]) + "\n"
    )


def cell(make: Callable[[Json], str], row: Json) -> str:
    """One figure, or a dash where it is missing."""
    try:
        return make(row)
    except (KeyError, TypeError, ZeroDivisionError):
        return "–"


def percent(value: float, whole: float) -> str:
    """Three places: the methods differ in the third."""
    return f"{100 * value / whole:.3f}"


def beside(one: Json, by: str) -> str:
    """Another method: per cent of the bound (of the best known without one), and its seconds."""
    whole = one["bound"]["bound"] if "bound" in one.get("bound", {}) else best_known(one)
    return f"{percent(one[by]['score'], whole)} in {seconds(one[by]['seconds'])}"


def quick(one: Json) -> str:
    """The quick effort: per cent of the bound, as for the others."""
    return beside(
        one | {"quick": {"score": one["engine"]["quick"], "seconds": one["engine"]["warm"]["solve"]}}, "quick"
    )


def seconds(value: float) -> str:
    """Short at any length."""
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s" if value < 100 else f"{value:,.0f} s"


def ms(value: float) -> str:
    """Milliseconds."""
    return f"{value * 1000:.1f}"


def naive(one: Json) -> str:
    """Seconds for all shifts, and how they were found."""
    loop = one["product"]["naive"]
    sampled = f" (of {loop['measured']} shifts)" if loop["measured"] < loop["shifts"] else ""
    return f"{loop['whole_seconds']:,.0f} s{sampled}"


QUALITY_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "instance": lambda one: str(one["name"]),
    "people": lambda one: f"{one['meta']['n_workers']:,}",
    "positions": lambda one: f"{one['meta']['n_slots']:,}",
    "pairs": lambda one: f"{one['ours']['pairs']:,}",
    "valid": lambda one: "yes" if one["ours"].get("valid") else "NO",
    "filled": lambda one: f"{100 * one['ours']['fill']:.2f} %",
    "score": lambda one: f"{one['ours']['score']:,}",
    "% of bound": lambda one: percent(one["ours"]["score"], one["bound"]["bound"]),
    "sharp ÷ LP": lambda one: f"{percent(one['sharp']['bound'], one['bound']['bound'])} %",
    "% of sharp": lambda one: percent(one["ours"]["score"], one["sharp"]["bound"]),
    "% of best known": lambda one: percent(one["ours"]["score"], best_known(one)),
    "quick effort": quick,
    "scarcest first": lambda one: beside(one, "scarcest"),
    "CP-SAT": lambda one: beside(one, "cpsat"),
}
TIME_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "instance": lambda one: str(one["name"]),
    "read": lambda one: seconds(one["ours"]["seconds"]["read"]),
    "check": lambda one: seconds(one["ours"]["seconds"]["check"]),
    "index": lambda one: seconds(one["ours"]["seconds"]["index"]),
    "pairs": lambda one: seconds(one["ours"]["seconds"]["pairs"]),
    "solve": lambda one: seconds(one["ours"]["seconds"]["solve"]),
    "write": lambda one: seconds(one["ours"]["seconds"]["write"]),
    "whole": lambda one: seconds(one["ours"]["wall"]),
    "index, ms": lambda one: ms(one["engine"]["warm"]["index"]),
    "pairs, ms": lambda one: ms(one["engine"]["warm"]["pairs"]),
    "quick solve, ms": lambda one: ms(one["engine"]["warm"]["solve"]),
    "best solve, ms": lambda one: ms(one["engine"]["best_seconds"]),
    "quick, MB": lambda one: f"{one['engine']['peak_mb'] - one['engine']['interpreter_mb']:.0f}",
    "best, MB": lambda one: f"{one['engine']['best_peak_mb'] - one['engine']['interpreter_mb']:.0f}",
}
PRODUCT_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "instance": lambda one: str(one["name"]),
    "code": lambda one: seconds(one["product"]["code"]),
    "read": lambda one: seconds(one["product"]["cold"]["read"]),
    "index": lambda one: seconds(one["product"]["cold"]["index"]),
    "demand": lambda one: seconds(one["product"]["cold"]["demand"]),
    "pairs": lambda one: seconds(one["product"]["cold"]["pairs"]),
    "solve": lambda one: seconds(one["product"]["cold"]["solve"]),
    "backups": lambda one: seconds(one["product"]["cold"]["backups"]),
    "tell": lambda one: seconds(one["product"]["cold"]["tell"]),
    "commit": lambda one: seconds(one["product"]["cold"]["commit"]),
    "cold": lambda one: seconds(one["product"]["whole"]),
    "cold ÷ read": lambda one: f"{one['product']['whole'] / one['product']['cold']['read']:.1f}",
    "warm": lambda one: seconds(warm(one)),
    "warm ÷ read": lambda one: f"{warm(one) / one['product']['cold']['read']:.2f}",
    "MB over interpreter": lambda one: f"{one['product']['peak_mb'] - one['product']['interpreter_mb']:.0f}",
    "code, MB": lambda one: f"{one['product']['loaded_mb'] - one['product']['interpreter_mb']:.0f}",
    "naive loop": naive,
    "cold is faster": lambda one: f"{one['product']['naive']['whole_seconds'] / one['product']['whole']:,.0f} ×",
    "warm is faster": lambda one: f"{one['product']['naive']['whole_seconds'] / warm(one):,.0f} ×",
}
ONLINE_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "": lambda one: str(one["name"]),
    "times": lambda one: f"{one['n']}",
    "p50, ms": lambda one: f"{one['p50']:.2f}",
    "p95, ms": lambda one: f"{one['p95']:.2f}",
}
INSIDE = {
    "shortlist": "shortlist of the 20 best with points, and whom each gate removes",
    "scan": "every reason against everybody for one shift",
    "pairs": "everybody who suits, for all shifts of one order",
    "propose": "whole proposal of one order, with backups and words",
    "what_if": "what every change of one shift would bring",
    "sql": "everybody who suits one shift, by SQL",
}
POSTED = {
    "whole": "**posted to stored**",
    "submit": "– web: to the commit of the submission",
    "hand over": "– broker, worker, claim of the row",
    "begin": "– to the start of matching: locks, the order",
    "match": "– needs, pool refreshed, plan, words",
    "write": "– places, audit, announcements, commit",
    "answer": "the answer to the submitting POST, beside it",
}
BARE = {"repeated": "**bare POST**: submission repeated (200)", "refused": "bare POST: somebody else's order (404)"}
TARGET_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "target": lambda one: str(one["target"]),
    "measured": lambda one: str(one["measured"]),
    "met": lambda one: "yes" if one["met"] else "**no**",
}
LOOKALIKE_COLUMNS: Mapping[str, Callable[[Json], str]] = {
    "instance": lambda one: str(one["name"]),
    "shifts": lambda one: f"{one['shifts']:,}",
    "workers": lambda one: f"{one['workers']:,}",
    "filled": lambda one: f"{one['filled']:,}",
    "value": lambda one: f"{one['value']:,}",
    "optimum or bound": lambda one: f"{one['known']:,.0f}",
    "%": lambda one: percent(one["value"], one["known"]),
    "solve": lambda one: seconds(one["solve"]),
}
