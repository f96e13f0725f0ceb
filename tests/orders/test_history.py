"""What a client is told of the audit."""

import pytest

from orders import history
from orders.states import ASSIGNMENT, ORDER, TIMESHEET
from staffing.core.models import AuditEvent, Role, User


def event(subject: str, action: str, role: str, **fields: object) -> AuditEvent:
    return AuditEvent(subject_type=subject, subject_id=1, action=action, actor_role=role, **fields)


@pytest.mark.parametrize(("subject", "table"), [("order", ORDER), ("assignment", ASSIGNMENT), ("timesheet", TIMESHEET)])
def test_every_step_of_what_the_client_sees_has_words(subject: str, table: dict[tuple[str, str], object]) -> None:
    assert {(subject, action) for _state, action in table} <= set(history.WORDS)


def test_the_agencys_own_steps_are_not_told() -> None:
    assert history.told(event("offer", "decline", Role.WORKER), "刘洋") is None
    assert history.told(event("position", "exchange", Role.DISPATCHER), "刘洋") is None


def test_a_workers_reason_stays_private_and_a_clients_is_shown() -> None:
    private = history.told(event("assignment", "cancel", Role.WORKER, reason="家里有事"), "刘洋")
    assert private is not None
    assert (private["text"], "刘洋" in private["title"]) == ("", True)
    shown = history.told(
        event("order", "cancel", Role.CLIENT, reason="活动延期", actor=User(name="沈会", role=Role.CLIENT)), ""
    )
    assert shown is not None
    assert (shown["text"], shown["who"]) == ("活动延期", "沈会")
