"""Signatures: one byte off, late, replayed, another's; scopes and the rate of a key."""

import time

import pytest

from staffing.core.models import IdempotencyRecord
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.partners import PATH, Machine, machine, partner, person
from workers import signing
from workers.models import Application, PartnerNonce, Scope, SourcePolicy


@pytest.fixture
def sender(agency: Agency) -> Machine:
    return machine()


def code_of(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_signed_request_is_let_in_and_leaves_when_it_was(sender):
    assert sender.get().status_code == 200
    sender.key.refresh_from_db()
    assert sender.key.last_used_at == NOW


def test_without_a_signature_it_is_401_with_the_scheme(sender):
    answer = sender.client.get(PATH)
    assert code_of(answer) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == signing.SCHEME


def test_a_byte_of_anything_that_is_signed(sender):
    body = b'{"name": "a"}'
    right = signing.signature(sender.secret, "POST", PATH, 1, "nonce-00", body)
    flipped = ("0" if right[0] != "0" else "1") + right[1:]
    assert code_of(sender.get(signature=flipped)) == (401, "bad_signature")
    assert code_of(sender.get(secret=sender.secret[:-1] + "~")) == (401, "bad_signature")
    assert code_of(sender.post(person(), sent=b'{"name": "b"}')) == (401, "bad_signature")
    for other in (
        signing.signature(sender.secret, "PUT", PATH, 1, "nonce-00", body),
        signing.signature(sender.secret, "POST", f"{PATH}?a", 1, "nonce-00", body),
        signing.signature(sender.secret, "POST", PATH, 2, "nonce-00", body),
        signing.signature(sender.secret, "POST", PATH, 1, "nonce-01", body),
        signing.signature(sender.secret, "POST", PATH, 1, "nonce-00", body + b" "),
    ):
        assert other != right
    assert not Application.objects.exists() and not PartnerNonce.objects.exists()


def test_the_query_is_signed(sender):
    header = sender.header("GET", f"{PATH}?page=1", b"")
    assert sender.client.get(f"{PATH}?page=2", headers={"Authorization": header}).status_code == 401
    assert sender.get(f"{PATH}?page=1").status_code == 200


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
def test_five_minutes_either_way(sender, off, status):
    answer = sender.get(at=int(time.time()) + off)
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "signature_late"


def test_a_replay_is_refused_and_changes_nothing(sender):
    first = sender.post(person(), nonce="the-same-one", key="k")
    again = sender.post(person(), nonce="the-same-one", key="k")
    assert first.status_code == 201
    assert code_of(again) == (401, "signature_replayed")
    assert Application.objects.count() == 1
    assert machine(sender.key.partner).get(nonce="the-same-one").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Token 0123",
        signing.SCHEME,
        f"{signing.SCHEME} key=a",
        f"{signing.SCHEME} key=a,timestamp=x,nonce=12345678,signature={'0' * 64}",
        f"{signing.SCHEME} key=a,timestamp=1,nonce=short,signature={'0' * 64}",
        f"{signing.SCHEME} key=a,timestamp=1,nonce=12345678,signature=zz",
        f"{signing.SCHEME} key=a,key=b,timestamp=1,nonce=12345678,signature={'0' * 64}",
        f"{signing.SCHEME} key={'a' * 41},timestamp=1,nonce=12345678,signature={'0' * 64}",
    ],
)
def test_what_is_no_header_of_ours(sender, header):
    assert sender.client.get(PATH, headers={"Authorization": header}).status_code == 401


def test_a_key_that_was_revoked_or_whose_partner_has_gone(sender):
    from staffing.core.actors import SYSTEM
    from workers.services import partners

    other = machine()
    partners.revoke_key(sender.key.pk, by=SYSTEM, now=NOW)
    other.key.partner.is_active = False
    partners.save(other.key.partner, by=SYSTEM, now=NOW)
    assert code_of(sender.get()) == code_of(other.get()) == (401, "bad_signature")


def test_a_key_does_what_its_scopes_say(agency):
    one = partner()
    reads, writes = machine(one, scopes=[Scope.READ]), machine(one, scopes=[Scope.WRITE])
    assert reads.get().status_code == 200
    assert code_of(reads.post(person())) == (403, "permission_denied")
    assert writes.post(person()).status_code == 201
    assert code_of(writes.get()) == (403, "permission_denied")


def test_a_person_with_a_token_is_no_partner(agency, sender):
    from tests.api.line import as_user

    assert as_user(agency.dispatcher()).get(PATH).status_code == 401


def test_a_hundred_in_a_minute_make_no_twin_and_are_told_to_wait(sender):
    """Each with the same person and its own keys: the policy's number gets through."""
    SourcePolicy(requests_a_minute=40).save()
    answers = [sender.post(person()) for _ in range(100)]
    told = [answer.status_code for answer in answers]
    assert told == [201] + [200] * 39 + [429] * 60
    last = answers[-1]
    assert code_of(last) == (429, "throttled")
    assert 0 < int(last["Retry-After"]) <= 60
    assert Application.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 40
    assert machine(sender.key.partner, per_minute=1).get().status_code == 200


def test_somebody_elses_wrong_guesses_use_nothing_up(sender):
    SourcePolicy(requests_a_minute=1).save()
    assert {sender.get(secret="guess").status_code for _ in range(5)} == {401}
    assert sender.get().status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_refusals_are_in_the_language_asked_for(sender, language):
    headers = {"Authorization": sender.header("GET", PATH, b"", secret="x"), "Accept-Language": language}
    words = sender.client.get(PATH, headers=headers).json()["detail"]
    assert words.isascii() == (language == "en")
