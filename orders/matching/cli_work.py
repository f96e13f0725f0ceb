"""From an instance file to its solution, in timed steps, for both forms of instances."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Any

import numpy as np

from .cli_explain import Explained, explain_raw
from .cli_steps import Steps, peak_mb
from .formats import raw, reading
from .problem import Longs, Problem, Solution

Explain = Callable[[int, Solution], Explained]


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to solve. ``ids`` are the shifts' ids and ``people`` int64[W] the workers' ids by position."""

    form: str
    problem: Problem
    ids: Sequence[int]
    people: Longs
    explain: Explain


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, and what it may print."""

    job: Job
    solution: Solution
    steps: Steps
    explained: Explained | None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """(shift id, worker id) of each assignment."""
        shifts = [self.job.ids[t] for t in self.solution.shift.tolist()]
        return list(zip(shifts, self.job.people[self.solution.who].tolist(), strict=True))

    def stats(self) -> dict[str, Any]:
        """Sizes, quality, seconds of each step and memory, ready for JSON."""
        problem, found = self.job.problem, self.solution
        return {
            "form": self.job.form,
            "sizes": {"shifts": problem.shifts, "workers": problem.people},
            "pairs": len(problem.who),
            "value": int(found.value),
            "filled": len(found.shift),
            "positions": int(problem.need.sum(dtype=np.int64)),
            "bound": found.bound,
            "gap": found.gap,
            "method": found.method,
            "stopped": found.stopped,
            "seconds": {name: round(seconds, 4) for name, seconds in self.steps.seconds.items()},
            "peak_rss_mb": round(peak_mb(), 1),
        }


def work(options: argparse.Namespace, steps: Steps, begun: float) -> Outcome:
    """Read, check, solve and explain as the options say. ``begun`` is when the time limit started to run.

    Raises BadFile, and OSError if the instance cannot be read.
    """
    job = load(options, steps)
    if options.explain is not None and options.explain not in job.ids:
        raise reading.BadFile("--explain", f"no such shift: {options.explain}")
    solution = _solve(job.problem, options, steps, begun)
    explained = None
    if options.explain is not None:
        with steps.step("explain"):
            explained = job.explain(list(job.ids).index(options.explain), solution)
    return Outcome(job, solution, steps, explained)


def load(options: argparse.Namespace, steps: Steps) -> Job:
    """The instance as a problem. Raises BadFile and OSError."""
    with steps.step("read"):
        instance = reading.read_json(options.instance)
    if reading.is_raw(instance):
        return _raw_job(instance, steps)
    from .cli_staffgen import staffgen_job

    return staffgen_job(instance, steps)


def _raw_job(instance: Any, steps: Steps) -> Job:
    with steps.step("check"):
        found = raw.read(instance)
        steps.note(f"{found.problem.shifts} shifts, {found.problem.people} workers, {len(found.problem.who)} pairs")
    people = np.arange(found.problem.people, dtype=np.int64)
    return Job("raw", found.problem, found.ids, people, lambda t, solution: explain_raw(found, t, solution))


def _solve(problem: Problem, options: argparse.Namespace, steps: Steps, begun: float) -> Solution:
    with steps.step("engine"):
        # compiled code: loading it takes longer than refusing a bad file
        from .solve import solve
    with steps.step("solve"):
        left = None if options.time_limit is None else max(0.0, options.time_limit - (time.perf_counter() - begun))
        solution = interruptible(lambda: solve(problem, effort=options.effort, seconds=left, bound=options.bound))
        steps.note(f"value {solution.value}, {len(solution.shift)} assigned, {solution.method}")
        if solution.bound is not None:
            steps.note(f"at most {solution.gap:.4%} below the best")
        if solution.stopped:
            steps.note("stopped by the time limit")
    return solution


def interruptible(task: Callable[[], Solution]) -> Solution:
    """The task's result. Compiled code hears no Ctrl-C until it ends, so it runs beside the thread that does."""
    done: Future[Solution] = Future()

    def run() -> None:
        try:
            done.set_result(task())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return done.result()
