"""Seeded instances that look like the public ones, with an answer known beforehand."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bench.public import Costs, Span

DAY = 1440
# of a worker's day, in the roster that the tasks were cut from
TIGHTNESS = 0.9


def roster(workers: int, seed: int, tightness: float = TIGHTNESS) -> list[list[Span]]:
    """Each worker's day: tasks of one to four hours with breaks, so that ``tightness`` of the day is work."""
    draw = random.Random(seed)
    return [_day(draw, tightness) for _ in range(workers)]


def _day(draw: random.Random, tightness: float) -> list[Span]:
    lengths: list[int] = []
    while sum(lengths) < DAY * tightness - 60:
        lengths.append(draw.randint(60, 240))
    lengths[-1] = max(30, lengths[-1] - max(0, sum(lengths) - int(DAY * tightness)))
    breaks = sorted(draw.randint(0, DAY - sum(lengths)) for _ in lengths)
    return [(at + pause, at + pause + one) for at, pause, one in zip(_sums(lengths), breaks, lengths, strict=True)]


def _sums(lengths: Sequence[int]) -> list[int]:
    return [sum(lengths[:at]) for at in range(len(lengths))]


def task_scheduling(
    workers: int, seed: int, share: tuple[float, float] = (0.33, 0.66)
) -> tuple[list[Span], list[list[int]]]:
    """Tasks over a day and who is qualified for which; covering every task is possible.

    Each worker can do the tasks of their hidden day, and others up to a random share of all.
    """
    draw = random.Random(seed)
    days = roster(workers, draw.randrange(1 << 30))
    order = [(span, worker) for worker, day in enumerate(days) for span in day]
    draw.shuffle(order)
    spans = [span for span, _ in order]
    qualified = []
    for worker in range(workers):
        own = {task for task, (_, owner) in enumerate(order) if owner == worker}
        others = [task for task in range(len(spans)) if task not in own]
        more = max(0, round(draw.uniform(*share) * len(spans)) - len(own))
        qualified.append(sorted(own | set(draw.sample(others, min(more, len(others))))))
    return spans, qualified


def costs(size: int, seed: int) -> Costs:
    """``size`` × ``size`` costs of 1 to 100."""
    draw = random.Random(seed)
    return [[draw.randint(1, 100) for _ in range(size)] for _ in range(size)]


def least(matrix: Costs) -> int:
    """The least cost of assigning everybody (J. Munkres' problem, by scipy)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.array(matrix)
    return int(table[linear_sum_assignment(table)].sum())
