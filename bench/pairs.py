"""The benchmark's own pairs of an instance, for the methods that we are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench import staffgen


@dataclass(frozen=True, slots=True)
class Pairs:
    """By pair shift, who, score; by shift start, end, need; by person rest and left, in minutes."""

    shift: Any
    who: Any
    score: Any
    start: Any
    end: Any
    need: Any
    rest: Any
    left: Any

    @classmethod
    def of(cls, instance: Any) -> Pairs:
        """All eligible pairs."""
        columns: Any = staffgen.Arr(instance)
        shift, who, score, start, end, need = staffgen.build_pairs(instance, columns)
        return cls(shift, who, score, start, end, need, columns.min_rest, columns.left)

    def best(self, times: int, more: int) -> Pairs:
        """Only the best ``times`` × headcount + ``more`` people of each shift."""
        order = np.lexsort((self.who, -self.score, self.shift))
        first = np.searchsorted(self.shift[order], np.arange(len(self.need)))
        rank = np.arange(len(order)) - first[self.shift[order]]
        keep = order[rank < times * self.need[self.shift[order]] + more]
        return Pairs(
            self.shift[keep], self.who[keep], self.score[keep], self.start, self.end, self.need, self.rest, self.left
        )
