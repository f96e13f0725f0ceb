"""News for partners: one for each stage, signed, tried again, given up, sent once more, secrets with an overlap."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from staffing.core import outbox, webhooks
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Notification
from staffing.core.webhooks import WebhookRefused
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.fixtures.partners import partner
from workers.models import HookSecret, Partner, PartnerDelivery, SourcePolicy
from workers.services import applications, hooks, sources_sweep
from workers.services.applications import ApplicationSpec

URL = "http://localhost:1/in"
DAY = timedelta(days=1)


class Machine:
    """The partner's end of the wire: what it heard, and whether it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, Any], list[str]]] = []
        self.answers = True

    def post(self, url: str, secret: str, body: bytes, *others: str) -> None:
        if not self.answers:
            raise WebhookRefused("localhost: HTTP 503")
        self.heard.append((json.loads(body), [secret, *others]))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(webhooks, "post", machine.post)
    return machine


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


@pytest.fixture
def told(desk: Actor) -> Partner:
    one = partner(name="云梯人才")
    hooks.save(one, url=URL, is_active=True, by=desk, now=NOW)
    return one


def rotate(of: Partner, by: Actor) -> str:
    return hooks.rotate(of, HookSecret.objects.get(ends_at=None).pk, by=by, now=NOW)


def apply(of: Partner | None, phone: str = "13900001111") -> int:
    spec = ApplicationSpec("林晓", phone, consented=True)
    return applications.submit(spec, partner=of, by=SYSTEM, now=NOW).application.pk


def test_each_stage_is_told_once_and_names_nobody(machine: Machine, told: Partner, desk: Actor) -> None:
    pk = apply(told)
    applications.move(pk, "interview", by=desk, now=NOW)
    applications.reject(pk, "no_need", by=desk, now=NOW)
    drain(NOW)
    again("deliver", NOW)
    again("tell_partner_apply", NOW)
    drain(NOW)
    stages = [body["data"] | {"type": body["type"]} for body, _ in machine.heard]
    assert sorted((each["before"], each["status"]) for each in stages) == [
        ("", "applied"),
        ("applied", "interview"),
        ("interview", "rejected"),
    ]
    assert {each["id"] for each in stages} == {pk}
    assert len({body["id"] for body, _ in machine.heard}) == 3
    assert "林晓" not in json.dumps([body for body, _ in machine.heard], ensure_ascii=False)
    assert "no_need" not in json.dumps([body for body, _ in machine.heard])


def test_nobody_is_told_of_anothers_and_of_nobodys(machine: Machine, told: Partner, desk: Actor) -> None:
    apply(partner())
    apply(None, "13900002222")
    hooks.save(told, url=URL, is_active=False, by=desk, now=NOW)
    apply(told, "13900003333")
    drain(NOW)
    assert machine.heard == [] and not PartnerDelivery.objects.exists()


def test_what_does_not_arrive_is_tried_again_and_later_arrives(machine: Machine, told: Partner) -> None:
    machine.answers = False
    apply(told)
    now, waits = NOW, []
    for _ in range(4):
        drain(now)
        row = PartnerDelivery.objects.get()
        assert row.next_at is not None
        waits.append((row.next_at - now).total_seconds())
        now = row.next_at
    assert waits == [30, 60, 120, 240]
    assert row.last_error == "localhost: HTTP 503"
    machine.answers = True
    drain(now)
    row.refresh_from_db()
    assert (row.attempts, row.delivered_at, row.next_at, row.last_error) == (5, now, None, "")


def given_up(machine: Machine, told: Partner) -> PartnerDelivery:
    machine.answers = False
    apply(told)
    drain(NOW)
    row = PartnerDelivery.objects.get()
    while row.next_at is not None:
        outbox.sweep("notify", row.next_at)
        row.refresh_from_db()
    return row


def test_after_the_days_of_the_policy_it_is_given_up_and_the_desk_is_told(machine: Machine, told: Partner) -> None:
    SourcePolicy(hook_days=2).save()
    row = given_up(machine, told)
    assert row.given_up_at == NOW + 2 * DAY
    notice = Notification.objects.get(kind="partner.unreachable")
    assert notice.data["partner"] == "云梯人才"
    assert notice.url == f"/sources/{told.pk}/news/"


def test_what_was_given_up_is_sent_once_more_as_it_was(machine: Machine, told: Partner, desk: Actor) -> None:
    row = given_up(machine, told)
    machine.answers, later = True, NOW + 9 * DAY
    everything = PartnerDelivery.objects.all()
    assert hooks.replay(everything, by=desk, now=later) == 1
    assert hooks.replay(everything, by=desk, now=later) == 0
    outbox.sweep("notify", later)
    body, _ = machine.heard[0]
    assert (body["id"], body["at"]) == (str(row.uid), NOW.isoformat())
    assert hooks.replay(everything, by=desk, now=later + DAY) == 1
    outbox.sweep("notify", later + DAY)
    assert [each["id"] for each, _ in machine.heard] == [str(row.uid)] * 2


def test_an_old_run_does_nothing_once_a_new_one_began(machine: Machine, told: Partner, desk: Actor) -> None:
    row = given_up(machine, told)
    hooks.replay(PartnerDelivery.objects.all(), by=desk, now=NOW + 9 * DAY)
    hooks.attempt(row.pk, NOW, 0, NOW + 9 * DAY)
    row.refresh_from_db()
    assert row.attempts == 0


def test_both_secrets_sign_until_the_overlap_is_over(machine: Machine, told: Partner, desk: Actor) -> None:
    first = rotate(told, desk)
    second = rotate(told, desk)
    for hours in (47, 48):
        hooks.tell_test(told, key=str(hours), now=NOW + timedelta(hours=hours))
        drain(NOW + timedelta(hours=hours))
    assert [secrets for _, secrets in machine.heard] == [[second, first], [second]]
    sources_sweep.sweep(NOW + timedelta(hours=48), NOW)
    assert HookSecret.objects.count() == 1


def test_a_repeat_does_not_replace_the_new_secret(told: Partner, desk: Actor) -> None:
    first = HookSecret.objects.get().pk
    hooks.rotate(told, first, by=desk, now=NOW)
    with pytest.raises(Conflict):
        hooks.rotate(told, first, by=desk, now=NOW)


def test_a_secret_is_told_once_and_is_not_in_the_database(told: Partner, desk: Actor) -> None:
    plain = rotate(told, desk)
    kept = bytes(HookSecret.objects.get(ends_at=None).secret.content)
    assert plain.encode() not in kept
    assert hooks.save(told, url=URL, is_active=True, by=desk, now=NOW) == ""


@pytest.mark.parametrize("url", ["ftp://a.example/", "https://user:pass@a.example/", "nothing", ""])
def test_only_addresses_that_we_call(told: Partner, desk: Actor, url: str) -> None:
    with pytest.raises(Invalid):
        hooks.save(told, url=url, is_active=True, by=desk, now=NOW)


def test_the_wait_doubles_up_to_six_hours() -> None:
    waits = [hooks.backoff(number) for number in range(1, 40)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits) and waits[-1] == timedelta(hours=6)


def test_the_documented_check_of_a_signature_is_the_right_one() -> None:
    header = webhooks.signature("new", b"{}", 7, "old")
    parts = [part.partition("=") for part in header.split(",")]
    stamp = next(value for name, _, value in parts if name == "t")
    for secret in ("new", "old"):
        made = hmac.new(secret.encode(), f"{stamp}.".encode() + b"{}", hashlib.sha256).hexdigest()
        assert made in [value for name, _, value in parts if name == "v1"]
