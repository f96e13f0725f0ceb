"""What the benchmark's own stop watch and calendar say."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bench import agency, product, rows


def test_a_step_inside_another_counts_for_itself_alone(monkeypatch):
    ticks = count()
    monkeypatch.setattr(product.time, "perf_counter", lambda: float(next(ticks)))
    watch = product.Watch()

    with watch.step("whole"):
        for _ in range(2):
            with watch.step("part"):
                assert watch.open == ["whole", "part"]

    assert watch.seconds == {"part": 2.0, "whole": 3.0}


@pytest.mark.parametrize(("days", "weeks"), [(-3, 0), (-1, 0), (0, 1), (6, 1), (6.5, 2)])
def test_orders_are_posted_for_a_week_that_is_to_come(days, weeks):
    assert agency.coming(rows.MONDAY + timedelta(days=days)) == timedelta(weeks=weeks)


def test_an_order_is_posted_and_read_as_the_same_thing():
    order: dict[str, Any] = {
        "id": 4, "client": 2, "remote": 0, "skills": [[7, 3]], "certs": [1], "langs": [], "min_stars10": 35,
        "background": 1, "headcount": 2, "shifts": [{"id": 9, "start": 480, "end": 960}],
    }  # fmt: skip
    client: dict[str, Any] = {"id": 2, "city": 5, "lat": 31.0, "lng": 121.0, "blacklist": [0], "favourites": [8]}

    body = agency.body_of(order, client["city"], timedelta(weeks=1))
    (need,) = agency.needs_of(order, client)

    assert (body["site"], body["city"], body["min_stars"]) == (3, "n0005", "3.5")
    assert body["shifts"][0]["start_at"] == (need.start + timedelta(weeks=1)).isoformat()
    assert (need.shift_id, need.order_id, need.skills) == (10, 5, {"n0007": 3})
    assert (set(need.blocked), set(need.team)) == ({1}, {9})
