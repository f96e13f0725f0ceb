"""The stages of an application as a table: what leads where, and who may."""

import pytest

from workers.states import APPLICATION, CLOSED, OPEN, ApplicationStatus

DESK = {"dispatcher", "manager"}


@pytest.mark.parametrize("stage", OPEN)
def test_every_open_stage_can_go_on_be_refused_or_be_given_up(stage):
    leads = {action: rule.to for (was, action), rule in APPLICATION.items() if was == stage}
    moves = {f"to_{to}": to for to in OPEN if to not in (stage, ApplicationStatus.APPLIED)}
    assert leads == moves | {"activate": "active", "reject": "rejected", "withdraw": "withdrawn", "merge": "merged"}


def test_a_closed_one_stays_closed_unless_it_was_refused():
    assert {key for key in APPLICATION if key[0] in CLOSED} == {("rejected", "reopen")}


def test_only_a_person_of_the_agency_moves_and_the_applicant_may_only_give_up():
    for (_was, action), rule in APPLICATION.items():
        assert rule.who == (DESK | {"link"} if action == "withdraw" else DESK)


def test_each_stage_is_open_or_closed():
    assert {*OPEN, *CLOSED} == set(ApplicationStatus) and not {*OPEN} & {*CLOSED}
