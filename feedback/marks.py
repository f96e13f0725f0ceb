"""Triggers that mark the days whose counted figures are no longer what the rows say; for `RunSQL` of migrations.

A mark is written in the transaction that changes the rows, so whoever sees the change sees the mark. One statement
marks a day once. Only columns that enter a figure count: see `feedback.selectors.sources`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

EVENTS: Final = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}
# How long one waits for the next order; without a row, the defaults of the policy.
NUMBERS: Final = (
    "SELECT COALESCE(MAX(repeat_days), 30) AS repeat_days, COALESCE(MAX(renewal_days), 30) AS renewal_days "
    "FROM feedback_looppolicy"
)
# Table, the columns that matter, and the moments whose days are marked, of the rows `changed`.
WATCHED: Final[Sequence[tuple[str, str, str]]] = (
    (
        "orders_order",
        "id, client_id, city_id, service_type, status, submitted_at, proposed_at, filled_at, starts_at, ends_at",
        """SELECT submitted_at FROM changed UNION ALL SELECT starts_at FROM changed
        UNION ALL SELECT ends_at + make_interval(days => numbers.repeat_days) FROM changed, numbers
        UNION ALL SELECT company.created_at + make_interval(days => numbers.renewal_days) * (
                2 + FLOOR(EXTRACT(EPOCH FROM ends_at - company.created_at) / (86400.0 * numbers.renewal_days)))
            FROM changed JOIN orders_client AS company ON company.id = changed.client_id, numbers
        UNION ALL SELECT shift.start_at FROM changed JOIN orders_shift AS shift ON shift.order_id = changed.id
        UNION ALL SELECT survey.sent_at FROM changed JOIN feedback_survey AS survey ON survey.order_id = changed.id
        UNION ALL SELECT review.created_at FROM changed
            JOIN feedback_review AS review ON review.order_id = changed.id""",
    ),
    ("orders_shift", "id, order_id, start_at", "SELECT start_at FROM changed"),
    (
        "orders_position",
        "id, shift_id, status",
        "SELECT shift.start_at FROM changed JOIN orders_shift AS shift ON shift.id = changed.shift_id",
    ),
    (
        # Whether somebody was a novice depends on what they had completed before.
        "orders_assignment",
        "id, position_id, worker_id, status, start_at, booked_at, checked_in_at",
        """SELECT start_at FROM changed
        UNION ALL SELECT shift.start_at FROM changed JOIN orders_position AS place ON place.id = changed.position_id
            JOIN orders_shift AS shift ON shift.id = place.shift_id
        UNION ALL SELECT review.created_at FROM changed
            JOIN orders_assignment AS later
                ON later.worker_id = changed.worker_id AND later.start_at >= changed.start_at
            JOIN feedback_workerrating AS rating ON rating.assignment_id = later.id
            JOIN feedback_review AS review ON review.id = rating.review_id""",
    ),
    ("feedback_survey", "id, order_id, sent_at, answered_at", "SELECT sent_at FROM changed"),
    (
        "feedback_review",
        "id, order_id, created_at, overall, attendance, skill_match, attitude",
        "SELECT created_at FROM changed",
    ),
    (
        "feedback_workerrating",
        "id, review_id, assignment_id, stars",
        "SELECT review.created_at FROM changed JOIN feedback_review AS review ON review.id = changed.review_id",
    ),
)


def statements(zone: str) -> Iterator[tuple[str, str]]:
    """For each table the SQL that makes it mark days of this time zone, and the SQL that undoes it."""
    for table, columns, moments in WATCHED:
        name = f"mark_{table}"
        branches = " ELSIF ".join(
            f"TG_OP = '{event}' THEN {_mark(zone, _changed(columns, event), moments)}" for event in EVENTS
        )
        function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {branches} END IF; RETURN NULL; END $$;"  # noqa: E501
        triggers = "".join(
            f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} {rows} FOR EACH STATEMENT EXECUTE FUNCTION {name}();"  # noqa: E501
            for event, rows in EVENTS.items()
        )
        drop = "".join(f"DROP TRIGGER {name}_{event.lower()} ON {table};" for event in EVENTS)
        yield function + triggers, f"{drop} DROP FUNCTION {name}();"


def _changed(columns: str, event: str) -> str:
    """A row that reads the same before and after is not in either difference."""
    old, new = f"SELECT {columns} FROM old_rows", f"SELECT {columns} FROM new_rows"  # noqa: S608
    return {"INSERT": new, "DELETE": old}.get(event) or f"({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})"


def _mark(zone: str, changed: str, moments: str) -> str:
    return (
        f"INSERT INTO feedback_staleday (day) WITH changed AS ({changed}), numbers AS ({NUMBERS}) "  # noqa: S608
        f"SELECT DISTINCT (at AT TIME ZONE '{zone}')::date FROM ({moments}) AS moments (at) WHERE at IS NOT NULL;"
    )
