"""The dashboard over two years of history: milliseconds of SQL for the usual days and for a year.

    python -m staffing.runner ephemeral -- env STAFFING_ENV=test SECRET_KEY=x \\
        python -m bench.dashboard [--months N] [--assignments N] [--plans]

The history (assignments a month, three to an order) is made by SQL set statements, not by the ORM. It writes to the
database it is given: only an empty one of the moment.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import django

CLIENTS, WORKERS, CITIES, A_SHIFT = 300, 5000, 12, 3
NOW: Final = datetime.fromisoformat("2026-11-20T15:00:00+08:00")
HISTORY: Final = (
    """INSERT INTO core_city (id, code, name_zh, name_en, tier, latitude, longitude)
       SELECT n, 'c' || n, 'City ' || n, 'City ' || n, 1, 30, 120 FROM generate_series(1000, 999 + {cities}) n""",
    """INSERT INTO core_user (id, password, phone, name, role, is_active, is_staff, is_superuser, date_joined, email,
                              language)
       SELECT n, '!', '2' || lpad(n::text, 10, '0'), 'Person ' || n, 'worker', true, false, false, now(), '', 'zh-hans'
       FROM generate_series(100000, 99999 + {workers}) n""",
    """INSERT INTO orders_client (id, name, industry, value, auto_confirm, contact_email, profile, briefing, is_active,
                                  created_at)
       SELECT n, 'Client ' || n, (ARRAY['ecommerce', 'finance', 'telecom', 'hotel', 'it'])[1 + n % 5], n % 10 / 8, true,
              '', '', '', true, {now} - make_interval(months => {months}) + make_interval(days => n)
       FROM generate_series(1000, 999 + {clients}) n""",
    """INSERT INTO workers_worker (id, user_id, city_id, max_km, remote_ok, stars, reliability, services_done,
                                   clearance, level, contract, min_rest_minutes, status, joined_on, source)
       SELECT n, n, 1000 + n % {cities}, 15, true, NULLIF(n % 6, 0), 80, 9, 0, 'junior', 'service', 0, 'active',
              '2024-01-01', (ARRAY['direct', 'student', 'training', 'career', 'partner'])[1 + n % 5]
       FROM generate_series(100000, 99999 + {workers}) n""",
    """INSERT INTO orders_order (id, client_id, created_by_id, form_key, title, service_type, remote, city_id,
           clearance, notes, status, bill_rate, estimate, created_at, submitted_at, proposed_at, filled_at,
           completed_at, starts_at, ends_at)
       SELECT n, 1000 + (random() * random() * {clients})::int % {clients}, 100000, gen_random_uuid(), 'Order ' || n,
              (ARRAY['pre_sale', 'after_sale', 'vip', 'technical', 'in_sale'])[1 + (random() * 4)::int], true,
              1000 + (random() * random() * {cities})::int % {cities}, 0, '',
              CASE WHEN n % 20 = 0 THEN 'cancelled' ELSE 'completed' END, 45, 100, made, made,
              made + random() * interval '40 minutes', CASE WHEN n % 15 > 0 THEN made + interval '2 hours' END,
              made + interval '3 days', starts, starts + interval '8 hours'
       FROM (SELECT n, made, date_trunc('hour', made + random() * interval '72 hours') AS starts
             FROM (SELECT n, {now} - make_interval(months => {months})
                       + n * (make_interval(months => {months}) / {orders}) AS made
                   FROM generate_series(1, {orders}) n) AS one) AS two""",
    """INSERT INTO orders_shift (id, order_id, start_at, end_at, headcount)
       SELECT id, id, starts_at, ends_at, {a_shift} FROM orders_order""",
    """INSERT INTO orders_position (id, shift_id, number, status, chosen_by_hand, urgent)
       SELECT (s.id - 1) * {a_shift} + place, s.id, place,
              CASE WHEN o.status = 'cancelled' THEN 'closed' WHEN random() < 0.96 THEN 'filled' ELSE 'lapsed' END,
              false, false
       FROM orders_shift s JOIN orders_order o ON o.id = s.order_id CROSS JOIN generate_series(1, {a_shift}) place""",
    """INSERT INTO orders_offer (id, position_id, worker_id, status, wave, pay_rate, sent_at, expires_at, reason)
       SELECT p.id, p.id, 100000 + p.id % {workers}, 'accepted', 1, 28, s.start_at - interval '2 days', s.start_at, ''
       FROM orders_position p JOIN orders_shift s ON s.id = p.shift_id""",
    """INSERT INTO orders_assignment (id, position_id, worker_id, offer_id, status, start_at, end_at, pay_rate,
                                      bill_rate, booked_at, checked_in_at)
       SELECT p.id, p.id, 100000 + p.id % {workers}, p.id,
              CASE WHEN p.status = 'closed' THEN 'released' WHEN p.status = 'lapsed' THEN 'no_show'
                   WHEN s.end_at > {now} THEN 'booked' ELSE 'completed' END,
              s.start_at, s.end_at, 28, 45, s.start_at - interval '2 days',
              CASE WHEN p.status = 'filled' AND s.start_at < {now}
                   THEN s.start_at + (random() - 0.9) * interval '50 minutes' END
       FROM orders_position p JOIN orders_shift s ON s.id = p.shift_id""",
    """INSERT INTO feedback_survey (id, order_id, client_id, nonce, sent_at, expires_at, answered_at)
       SELECT id, id, client_id, 'n' || id, ends_at, ends_at + interval '14 days',
              CASE WHEN id % 10 < 7 THEN ends_at + random() * interval '40 hours' END
       FROM orders_order WHERE status = 'completed' AND ends_at < {now}""",
    """INSERT INTO feedback_review (id, survey_id, order_id, client_id, overall, attendance, skill_match, attitude,
                                    solved, order_again, comment, created_at)
       SELECT id, id, order_id, client_id, 5 - (random() * random() * 4)::int, 5 - (random() * random() * 4)::int,
              5 - (random() * random() * 4)::int, 5 - (random() * random() * 4)::int, true, id % 3 > 0, '', answered_at
       FROM feedback_survey WHERE answered_at < {now}""",
    """INSERT INTO feedback_workerrating (review_id, assignment_id, stars)
       SELECT r.id, a.id, 5 - (random() * random() * 4)::int
       FROM feedback_review r JOIN orders_assignment a
           ON a.position_id BETWEEN (r.order_id - 1) * {a_shift} + 1 AND r.order_id * {a_shift}
       WHERE a.status = 'completed'""",
    """INSERT INTO feedback_reviewcase (id, review_id, order_id, client_id, status, round, opened_at, due_at, closed_at)
       SELECT id, id, order_id, client_id, CASE WHEN id % 5 = 0 THEN 'no_answer' ELSE 'confirmed' END, 1, created_at,
              created_at + interval '48 hours', created_at + interval '70 hours'
       FROM feedback_review WHERE overall <= 2""",
    """INSERT INTO feedback_caseround (case_id, number, opened_at, due_at, cause, cause_note, fix, report, reported_at,
                                       outcome, outcome_note, answered_at)
       SELECT id, 1, opened_at, due_at, (ARRAY['matching', 'communication', 'emergency', 'other'])[1 + id % 4], '', '',
              '', opened_at + random() * interval '52 hours', 'confirmed', '', closed_at FROM feedback_reviewcase""",
)


def write(months: int, assignments: int) -> None:
    """The history, without triggers; then statistics, as autovacuum would have gathered them."""
    from django.db import connection

    numbers = {
        "months": months, "orders": months * assignments // A_SHIFT, "a_shift": A_SHIFT,
        "now": f"'{NOW}'::timestamptz", "clients": CLIENTS, "workers": WORKERS, "cities": CITIES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in HISTORY:
            begun = time.monotonic()
            cursor.execute(statement.format(**numbers))
            told(f"{statement.split('(')[0].split()[-1]}: {cursor.rowcount} rows, {time.monotonic() - begun:.1f} s")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
        # One process does all of a statement, so that its time is the statement's.
        cursor.execute("SET max_parallel_workers_per_gather = 0")


def told(line: str) -> None:
    """Progress, beside the figures."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def timed(spent: list[tuple[float, str]]) -> Any:
    """Adds the milliseconds and the text of each statement."""
    from django.db import connection

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append(((time.perf_counter() - begun) * 1000, str(sql)))

    with connection.execute_wrapper(wrapper):
        yield


def spent_by_server() -> float:
    """Milliseconds that the connection's server process has had a processor: other work on the machine adds none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def measure(look: Callable[[], Any], rounds: int = 5) -> tuple[str, list[tuple[float, str]]]:
    """Milliseconds of all SQL of a look, as `elapsed (processor)`: the median over some looks; and its statements."""
    looks = []
    for _ in range(rounds):
        spent: list[tuple[float, str]] = []
        before = spent_by_server()
        with timed(spent):
            look()
        looks.append((sum(one for one, _sql in spent), spent_by_server() - before, spent))
    elapsed = sorted(one for one, _busy, _spent in looks)[rounds // 2]
    busy = sorted(one for _elapsed, one, _spent in looks)[rounds // 2]
    return f"{elapsed:.0f} ({busy:.0f})", min(looks, key=lambda one: one[0])[2]


def pages(now: datetime) -> dict[str, Callable[[str], Any]]:
    """Each page of the dashboard as its query string would ask for it, without templates."""
    from django.http import QueryDict

    from feedback import choices
    from feedback.selectors import clients, patterns
    from feedback.selectors.figures import figures
    from feedback.selectors.people import people

    def seen(query: str, *, members: bool = False) -> Any:
        one = choices.chosen(QueryDict(query), now)
        return figures(one.period, now, one.policy, cut=one.cut, loop=one.loop, members=members)

    def splits(query: str) -> Any:
        return seen(query, members=True)

    def pictures(query: str) -> None:
        one = choices.chosen(QueryDict(query), now)
        patterns.repairs(one.days), patterns.demand(one.days)
        clients.cohorts(now, one.cut), clients.valued(now, one.loop.value_days, one.cut)

    def of_people(query: str) -> None:
        people(choices.chosen(QueryDict(query), now).window)

    return {"figures": seen, "splits": splits, "people": of_people, "pictures": pictures}


def main(argv: Sequence[str]) -> int:
    """Write the history, count it beforehand, look at every page; prints one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.dashboard", description=__doc__)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--assignments", type=int, default=30_000, help="a month")
    parser.add_argument("--plans", action="store_true", help="show the slowest statements")
    options = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")
    django.setup()
    from django.core.management import call_command

    from feedback.services import counting

    call_command("migrate", verbosity=0)
    write(options.months, options.assignments)
    found: dict[str, Any] = {"assignments": options.months * options.assignments}
    looks = pages(NOW)
    found["uncounted 30 days"] = measure(lambda: looks["figures"]("days=30"), 3)[0]
    begun = time.monotonic()
    days = counting.refresh(NOW, most=100_000)
    found["counting"] = f"{days} days in {time.monotonic() - begun:.1f} s"
    year = f"from={(NOW - timedelta(days=364)).date()}&to={NOW.date()}"
    for name, look in looks.items():
        for label, query in (("30 days", "days=30"), ("30 days, one city", "days=30&city=1001"), ("a year", year)):
            spent, statements = measure(lambda: look(query))  # noqa: B023
            found[f"{name}, {label}"] = spent
            if options.plans:
                for took, sql in sorted(statements, reverse=True)[:4]:
                    told(f"{name} {label}: {took:.0f} ms {' '.join(sql.split())[:160]}")
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
