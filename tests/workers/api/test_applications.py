"""Applications by partners: one, many, again, wrong, in the sandbox; a partner sees its own only."""

import pytest

from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.partners import PATH, Machine, machine, partner, person
from workers.models import Application, PartnerReference, SandboxApplication, SourcePolicy


@pytest.fixture
def sender(agency: Agency) -> Machine:
    return machine()


def test_one_application_is_kept_as_the_partners(agency, sender):
    sent = person(external_id="A-1", city=agency.city.code, skills={agency.skill.code: 3}, typing_wpm=60)
    answer = sender.post(sent)
    kept = Application.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"{PATH}{kept.pk}/")
    assert (kept.partner, kept.source, kept.city) == (sender.key.partner, sender.key.partner.kind, agency.city)
    assert kept.answers == {"skills": {agency.skill.code: 3}, "typing_wpm": 60}
    assert kept.consented_at == NOW
    told = answer.json()
    assert told.keys().isdisjoint({"name", "phone", "email"})
    assert (told["external_id"], told["status"], told["sandbox"]) == ("A-1", "applied", False)
    assert sender.client.get(answer["Location"]).status_code == 401
    assert sender.get(answer["Location"]).json() == told


def test_without_the_slash_too(sender):
    assert sender.post(person(), path=PATH.rstrip("/")).status_code == 201


def test_the_same_phone_again_changes_nothing(sender):
    first, again = sender.post(person()), sender.post(person(name="别名"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Application.objects.get().name == person()["name"]


def test_a_retry_under_the_same_key_gets_the_first_answer(sender):
    first, again = sender.post(person(), key="k"), sender.post(person(), key="k")
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert sender.post(person(2), key="k").json()["code"] == "idempotency_key_reused"
    assert machine(sender.key.partner).post(person(2), key="k").status_code == 201


def test_a_key_is_needed(sender):
    body = b"{}"
    headers = {"Authorization": sender.header("POST", PATH, body)}
    answer = sender.client.generic("POST", PATH, body, "application/json", headers=headers)
    assert answer.json()["code"] == "idempotency_key_missing"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"phone": "1380000"}, "#/phone"),
        ({"name": " "}, "#/name"),
        ({"name": "a\x07b"}, "#/name"),
        ({"consent": False}, "#/consent"),
        ({"city": "nowhere"}, "#/city"),
        ({"skills": {"nothing": 1}}, "#/skills"),
        ({"email": "a"}, "#/email"),
        ({"external_id": "有"}, "#/external_id"),
        ({"nam": "x"}, "#/nam"),
    ],
)
def test_what_is_wrong_is_named(sender, wrong, pointer):
    answer = sender.post(person(**wrong))
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Application.objects.exists()


@pytest.mark.parametrize("data", ["a", 1, None, True])
def test_what_is_neither_object_nor_array(sender, data):
    assert sender.post(data).status_code == 400


def test_a_batch_answers_each_row_for_itself(sender):
    sender.post(person(1, external_id="one"))
    rows = [person(1), person(2), person(2), {"name": "x"}, "nothing", person(3, external_id="one")]
    answer = sender.post(rows)
    told = answer.json()
    assert answer.status_code == 207
    assert [row["status"] for row in told["results"]] == [200, 201, 200, 400, 400, 400]
    assert (told["created"], told["unchanged"], told["refused"]) == (1, 2, 3)
    assert [row["index"] for row in told["results"]] == list(range(6))
    assert {error["pointer"] for error in told["results"][3]["errors"]} == {"#/3/phone", "#/3/consent"}
    assert [error["pointer"] for error in told["results"][4]["errors"]] == ["#/4"]
    assert [error["pointer"] for error in told["results"][5]["errors"]] == ["#/5/external_id"]
    assert PartnerReference.objects.get().external_id == "one"
    assert Application.objects.count() == 2


@pytest.mark.parametrize("number", [0, 4])
def test_a_batch_is_as_large_as_the_policy_says(sender, number):
    SourcePolicy(batch_rows=3).save()
    answer = sender.post([person(each) for each in range(number)])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "batch_size")


def test_a_phone_that_is_known_here_is_not_told(agency, sender):
    known = agency.worker()
    answer = sender.post(person(phone=known.user.phone))
    assert answer.status_code == 201
    assert Application.objects.get().duplicate == "possible"
    assert "duplicate" not in answer.content.decode()


def test_another_partners_applications_are_not_there(sender):
    place = sender.post(person())["Location"]
    other = machine()
    assert other.get(place).status_code == 404
    assert other.get().json()["count"] == 0
    assert other.post(person()).status_code == 201
    assert sender.get().json()["count"] == 1


def test_the_list_by_stage_and_by_the_partners_number(sender):
    sender.post([person(1, external_id="a"), person(2)])
    assert sender.get(f"{PATH}?external_id=a").json()["count"] == 1
    assert sender.get(f"{PATH}?status=applied").json()["count"] == 2
    assert sender.get(f"{PATH}?status=active").json()["count"] == 0
    assert sender.get(f"{PATH}?status=nothing").status_code == 400
    assert len(sender.get(f"{PATH}?page_size=1").json()["results"]) == 1


def test_the_list_asks_no_more_for_more_rows(sender, django_assert_max_num_queries):
    sender.post([person(each, external_id=str(each)) for each in range(5)])
    with django_assert_max_num_queries(9):
        assert sender.get().json()["count"] == 5


def test_the_sandbox_answers_like_the_real_thing_and_keeps_nobody(sender):
    trying = machine(sender.key.partner, sandbox=True)
    before = AuditEvent.objects.count(), OutboxMessage.objects.count()
    first, again = trying.post(person(external_id="x")), trying.post(person())
    batch = trying.post([person(2), person(3, external_id="x"), {"name": "x"}])
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() | {"id": again.json()["id"]} == again.json()
    assert [row["status"] for row in batch.json()["results"]] == [201, 400, 400]
    assert first.json()["sandbox"] is True
    assert not Application.objects.exists()
    assert (AuditEvent.objects.count(), OutboxMessage.objects.count()) == before
    assert trying.get(first["Location"]).json() == first.json()
    assert trying.get(f"{PATH}?status=applied").json()["count"] == 2
    assert trying.get(f"{PATH}?status=active&external_id=x").json()["count"] == 0
    assert sender.get().json()["count"] == 0
    kept = SandboxApplication.objects.order_by("pk")[0]
    assert person()["phone"].encode() not in bytes(kept.digest)


def test_the_sandbox_of_another_partner_is_another(agency):
    one, other = (machine(partner(), sandbox=True) for _ in range(2))
    place = one.post(person())["Location"]
    assert other.get(place).status_code == 404
    assert other.post(person()).status_code == 201
