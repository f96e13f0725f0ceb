"""A partner's machine that asks a hundred times in a second, on many connections at once, of the running product."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from staffing.core.models import IdempotencyRecord
from tests.fixtures.agency import Agency
from tests.fixtures.partners import PATH, Machine, machine, person
from workers.models import Application, PartnerNonce

HUNDRED, AT_ONCE = 100, 20
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Answer = tuple[int, dict[str, str], dict[str, Any]]


def posted(url: str, sender: Machine, key: str, **how: Any) -> Answer:
    """One request on a connection of its own: status, head, what was said."""
    body = json.dumps(person()).encode()
    headers = {"Authorization": sender.header("POST", PATH, body, **how), "Idempotency-Key": key}
    line = HTTPConnection(url.removeprefix("http://"), timeout=60)
    line.request("POST", PATH, body, headers | {"Content-Type": "application/json"})
    answer = line.getresponse()
    content = json.loads(answer.read())
    line.close()
    return answer.status, dict(answer.getheaders()), content


def together(ask: Callable[[int], Answer], number: int = HUNDRED) -> Sequence[Answer]:
    """So many, twenty at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, range(number)))


@pytest.mark.parametrize(("most", "let_in"), [(60, 60), (1000, 100)])
def test_a_hundred_at_once_make_no_twin_and_are_told_to_wait(live_server: Any, most: int, let_in: int) -> None:
    """Each with the same person and its own key. The number of the policy gets through, no more and no less."""
    Agency()
    sender = machine(per_minute=most)
    answers = together(lambda at: posted(live_server.url, sender, f"key-{at}"))
    told = Counter(status for status, _head, _said in answers)
    assert told == Counter({201: 1, 200: let_in - 1, 429: HUNDRED - let_in})
    for status, head, said in answers:
        assert status != 429 or (said["code"] == "throttled" and 0 < int(head["Retry-After"]) <= 60)
    assert Application.objects.count() == 1
    assert IdempotencyRecord.objects.count() == let_in


def test_one_request_copied_and_sent_many_times_at_once_is_done_once(live_server: Any) -> None:
    Agency()
    sender = machine(per_minute=1000)
    answers = together(lambda _at: posted(live_server.url, sender, "k", nonce="the-same-one"))
    told = Counter((status, said.get("code", "")) for status, _head, said in answers)
    assert told == Counter({(201, ""): 1, (401, "signature_replayed"): HUNDRED - 1})
    assert Application.objects.count() == PartnerNonce.objects.count() == 1


def test_retries_under_one_key_at_once_are_one_hand_in(live_server: Any) -> None:
    Agency()
    sender = machine(per_minute=1000)
    answers = together(lambda _at: posted(live_server.url, sender, "k"))
    told = Counter((status, head.get("Idempotent-Replayed", "")) for status, head, _said in answers)
    assert told == Counter({(201, ""): 1, (201, "true"): HUNDRED - 1})
    assert {said["id"] for _status, _head, said in answers} == {Application.objects.get().pk}
