"""What the engine is to reach, what it reached in this run, and why where it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.figures import batch_memory, best_known, memory, warm
from bench.files import Json


@dataclass(frozen=True, slots=True)
class Target:
    """``figure`` of each instance that it applies to; the worst counts. ``least``: the figure is to be at least so."""

    name: str
    limit: float
    figure: Callable[[Json], float]
    applies: Callable[[Json], bool]
    least: bool = False
    form: str = "{:.2f}"
    why: str = ""


def _sized(*sizes: str, profile: str = "") -> Callable[[Json], bool]:
    return lambda one: one["size"] in sizes and (not profile or one["profile"] == profile)


def _of_bound(one: Json) -> float:
    return float(100 * one["ours"]["score"] / one["bound"]["bound"])


def _below_best(one: Json) -> float:
    return 100 - 100 * float(one["ours"]["score"]) / best_known(one)


def _posted(bare: str) -> Callable[[Json], float]:
    def ratio(one: Json) -> float:
        posting = one["online"]["posting"]
        return float(posting["posted"]["whole"]["p95"] / posting["bare"][bare]["p95"])

    return ratio


def _inside(key: str, figure: str) -> Callable[[Json], float]:
    return lambda one: float(one["online"]["inprocess"][key][figure])


def _cold(one: Json) -> float:
    return float(one["product"]["whole"] / one["product"]["cold"]["read"])


def _faster(seconds: Callable[[Json], float]) -> Callable[[Json], float]:
    return lambda one: float(one["product"]["naive"]["whole_seconds"] / seconds(one))


OPTIMUM = (
    "the linear programme counts the hours of a week in fractions of a shift, the sharp bound in whole ones. Where "
    "that bound is itself below this share of the linear programme's (*sharp ÷ LP*), no plan can reach the target"
)
TARGETS: Sequence[Target] = (
    *(
        Target(
            f"XL {profile}: at least {limit} % of the LP bound",
            limit,
            _of_bound,
            _sized("XL", profile=profile),
            least=True,
            form="{:.3f} %",
            why=OPTIMUM,
        )
        for profile, limit in (("normal", 99.89), ("tight", 99.91), ("crunch", 99.93))
    ),
    Target(
        "XL: at least 99.99 % of the sharp bound",
        99.99,
        lambda one: float(100 * one["ours"]["score"] / one["sharp"]["bound"]),
        _sized("XL"),
        least=True,
        form="{:.4f} %",
    ),
    Target("M and L: at most 0.05 % below the best known", 0.05, _below_best, _sized("M", "L"), form="{:.3f} %"),
    Target(
        "XL, warm: pairs + solve take no longer than reading the pool's rows",
        1.0,
        lambda one: warm(one) / one["product"]["cold"]["read"],
        _sized("XL"),
        form="{:.2f} ×",
        why="the product's plan has more to weigh than the benchmark's: places for novices, continuity, travel",
    ),
    Target(
        "XL, cold: from the database to committed proposals at most 5 × the reading",
        5.0,
        _cold,
        _sized("XL"),
        form="{:.1f} ×",
        why="most of it is no search: reading the orders (*demand*), the words of the chosen (*tell*) and their rows, "
        "audit events and announcements (*commit*) cost more than the plan",
    ),
    Target(
        "XL, pairs + solve: at most 300 MB over a bare interpreter",
        300.0,
        memory,
        _sized("XL"),
        form="{:.0f} MB",
    ),
    Target(
        "the same for the product's whole batch, with Django, reading and writing",
        300.0,
        batch_memory,
        _sized("XL"),
        form="{:.0f} MB",
        why="Django, Numba and the compiled engine hold most of it before the first row is read (*code, MB*)",
    ),
    Target("L, cold: 300 × faster than the naive loop", 300.0, _faster(lambda one: float(one["product"]["whole"])),
           _sized("L"), least=True, form="{:,.0f} ×",
           why="the loop writes only the places; cold, ours reads everybody first and also keeps audit events, "
           "announcements and words"),
    Target("L, warm: 300 × faster than the naive loop", 300.0, _faster(warm), _sized("L"), least=True,
           form="{:,.0f} ×"),
    Target("shortlist with gates: p95 at most 2 ms", 2.0, _inside("shortlist", "p95"), lambda one: True,
           form="{:.2f} ms"),
    Target("posted to stored: p95 at most 20 × a bare POST (repeated submission)", 20.0, _posted("repeated"),
           lambda one: True, form="{:.1f} ×"),
    Target("the same beside a bare POST that is refused at once (404)", 20.0, _posted("refused"), lambda one: True,
           form="{:.1f} ×", why="such a POST answers in a few milliseconds: it shows no order"),
    Target("the same people as the SQL way: shifts that differ", 0.0,
           lambda one: _inside("sql", "n")(one) - _inside("sql", "same")(one), lambda one: True, form="{:.0f}"),
)  # fmt: skip


def judged(results: Sequence[Json], lookalikes: Sequence[Json]) -> list[Json]:
    """Each target of which something was measured: its words, the worst figure with its instance, whether it is met."""
    found = [verdict for target in TARGETS for verdict in _judge(target, results)]
    return [*_valid(results), *found, *_alike(lookalikes)]


def reasons(verdicts: Iterable[Json]) -> str:
    """Why the missed ones are missed, as far as it is known."""
    missed = [one for one in verdicts if not one["met"]]
    told = {one["why"]: one["target"] for one in missed if one["why"]}
    return "".join(f"- {target}: {why}.\n" for why, target in told.items())


def _judge(target: Target, results: Sequence[Json]) -> Iterator[Json]:
    figures = list(_figures(target, results))
    if not figures:
        return
    worst, name = (min if target.least else max)(figures)
    met = worst >= target.limit if target.least else worst <= target.limit
    yield _verdict(target.name, f"{target.form.format(worst)} ({name})", met, target.why)


def _figures(target: Target, results: Sequence[Json]) -> Iterator[tuple[float, str]]:
    for one in results:
        if target.applies(one):
            try:
                yield target.figure(one), one["name"]
            except (KeyError, TypeError, ZeroDivisionError):
                # not measured of this one
                continue


def _valid(results: Sequence[Json]) -> Iterator[Json]:
    if results:
        valid = sum(bool(one["ours"].get("valid")) for one in results)
        yield _verdict("every solution is valid", f"{valid} of {len(results)}", valid == len(results), "")


def _alike(lookalikes: Sequence[Json]) -> Iterator[Json]:
    tasks = [one for one in lookalikes if one["name"].startswith("tasks")]
    if tasks:
        covered = all(one["filled"] == one["shifts"] for one in tasks)
        share = 100 * sum(one["value"] for one in tasks) / sum(one["known"] for one in tasks)
        words = f"{share:.2f} %, {'all' if covered else 'not all'} covered"
        yield _verdict("task scheduling: every task, at least 99.75 % of the bound", words, covered and share >= 99.75)
    costs = [one for one in lookalikes if one["name"].startswith("assignment")]
    if costs:
        best = sum(one["value"] == one["known"] for one in costs)
        yield _verdict("assignment: at the known optimum", f"{best} of {len(costs)}", best == len(costs))


def _verdict(target: str, measured: str, met: bool, why: str = "") -> Json:
    return {"target": target, "measured": measured, "met": met, "why": why}
