"""Somebody who applied becomes a worker once: what they said is theirs to prove, what was scored is known."""

import pytest
from django.core import mail
from django.test import Client as Browser

from staffing.core import invitations
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, User
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from tests.workers.services.test_applications import PHONE, hand_in
from tests.workers.services.test_interviews import FOURS
from workers.models import Partner, Skill, Worker
from workers.services import activation, interviews
from workers.services.activation import Terms

SAID = {
    "skills": {"chat": 3},
    "languages": {"mandarin": 5},
    "typing_wpm": 65,
    "windows": [[0, 540, 1320], [6, 1320, 1800]],
}
TYPING = [{"zh": f"{n} 字", "en": f"{n} wpm", "from": n} for n in (40, 60, 80)]


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


@pytest.fixture
def found(agency, desk):
    Skill.objects.create(code="typing", name_zh="打字", name_en="Typing", kind="typing", grades=TYPING)
    Skill.objects.create(code="logic", name_zh="逻辑思维", name_en="Logic", kind="soft")
    partner = Partner.objects.create(code="qingyun", name="青云校园", kind="student")
    found = hand_in(answers=SAID, remote_ok=True, email="lin@example.test", partner=partner).application
    interviews.score(found.pk, FOURS | {"logic": 5}, by=desk, now=NOW)
    return found


def test_what_was_said_and_scored_goes_with_them(agency, desk, found):
    worker = activation.activate(found.pk, Terms(agency.city, "service"), by=desk, now=NOW)
    found.refresh_from_db()
    assert (found.status, found.worker, found.due_at) == ("active", worker, None)
    assert (worker.user.phone, worker.user.role, worker.source, worker.partner) == (
        PHONE, "worker", "student", found.partner,
    )  # fmt: skip
    assert worker.remote_ok and worker.contract == "service" and str(worker.joined_on) == "2026-11-23"
    skills = {row.skill.code: (row.level, row.source, row.verified_by) for row in worker.skills.all()}
    assert skills == {
        "chat": (3, "self", None),
        "typing": (2, "self", None),
        "logic": (5, "interview", desk.user),
    }
    assert list(worker.windows.values_list("weekday", "start_minute", "end_minute")) == [
        (0, 540, 1320),
        (6, 1320, 1800),
    ]
    assert AuditEvent.objects.filter(subject_type="worker", action="join").count() == 1


def test_a_repeat_gives_the_same_worker_and_one_invitation(agency, desk, found):
    first, second = (activation.activate(found.pk, Terms(agency.city), by=desk, now=NOW) for _ in range(2))
    assert first == second and Worker.objects.filter(user__phone=PHONE).count() == 1
    drain(NOW)
    told = [letter for letter in mail.outbox if "设置登录密码" in letter.subject]
    assert len(told) == 1 and "/join/" in told[0].body


def test_the_invitation_leads_to_a_login_and_works_once(agency, desk, found):
    worker = activation.activate(found.pk, Terms(agency.city), by=desk, now=NOW)
    url = invitations.invitation(worker.user)
    words = {"new_password1": "quite-long-words-8", "new_password2": "quite-long-words-8"}
    assert Browser().post(url, words).status_code == 302
    assert User.objects.get(phone=PHONE).check_password("quite-long-words-8")
    assert Browser().get(url).status_code == 404


def test_nobody_is_taken_in_while_in_doubt_or_with_a_phone_that_has_a_login(agency, desk, found):
    twin = hand_in(agency.member(agency.client()).phone).application
    with pytest.raises(Conflict) as refusal:
        activation.activate(twin.pk, Terms(agency.city), by=desk, now=NOW)
    assert refusal.value.code == "phone_taken" and twin.status == "applied"
    doubtful = hand_in(PHONE).application
    with pytest.raises(Conflict) as refusal:
        activation.activate(doubtful.pk, Terms(agency.city), by=desk, now=NOW)
    assert refusal.value.code == "undecided"
    with pytest.raises(Invalid):
        activation.activate(found.pk, Terms(agency.city, "unknown"), by=desk, now=NOW)
