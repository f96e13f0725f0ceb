"""The example for partners, as a program of its own against the running product, and its check of what we send."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from staffing.core import webhooks
from tests.fixtures.partners import machine, person
from workers.models import Application

CLIENT = Path(__file__).resolve().parents[2] / "examples" / "partner_client.py"


@pytest.fixture(scope="module")
def client() -> Any:
    spec = importlib.util.spec_from_file_location("partner_client", CLIENT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_sends_a_file_and_sending_it_again_changes_nothing(live_server, tmp_path) -> None:
    sender = machine(per_minute=1000)
    file = tmp_path / "applicants.json"
    file.write_text(json.dumps([person(1, external_id="a"), person(2), {"name": "x"}]), encoding="utf-8")
    env = os.environ | {
        "AGENCY_URL": live_server.url,
        "AGENCY_KEY": sender.key.key_id,
        "AGENCY_SECRET": sender.secret,
    }
    told = [
        subprocess.run([sys.executable, CLIENT, file], env=env, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    lines = told[0].splitlines()
    ids = list(Application.objects.order_by("pk").values_list("pk", flat=True))
    assert sorted(line.split("#")[-1] for line in lines[:2]) == [f"{pk} applied" for pk in ids]
    assert lines[2].startswith("2 400") and "#/2/phone" in lines[2]
    assert told[0] == told[1]


def test_it_reads_pages_and_tells_refusals(live_server, client) -> None:
    sender = machine(per_minute=1000)
    agency = client.Agency(live_server.url, sender.key.key_id, sender.secret)
    first = agency.submit(person(1))
    assert agency.application(first["id"]) == first
    assert [row["id"] for row in agency.applications("status=applied&page_size=1")] == [first["id"]]
    with pytest.raises(client.Refused) as refused:
        agency.submit(person(2, phone="1"))
    assert refused.value.problem["errors"][0]["pointer"] == "#/phone"
    with pytest.raises(client.Refused) as refused:
        client.Agency(live_server.url, sender.key.key_id, "wrong").application(1)
    assert (refused.value.status, refused.value.problem["code"]) == (401, "bad_signature")


def test_many_go_in_parts(client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ask(self: Any, method: str, target: str, data: Any, key: str) -> Any:
        asked.append((len(data), key))
        return {"results": [{"index": at} for at in range(len(data))]}

    monkeypatch.setattr(client.Agency, "_ask", ask)
    results = client.Agency("", "", "").submit([{}] * 1001, "k")
    assert asked == [(500, "k-0"), (500, "k-500"), (1, "k-1000")]
    assert [row["index"] for row in results] == list(range(1001))


def test_it_knows_what_is_ours(client) -> None:
    body = b'{"type": "test"}'
    header = webhooks.signature("new", body, 1000, "old")
    assert client.is_genuine("new", header, body, now=1000)
    assert client.is_genuine("old", header, body, now=1300)
    assert not client.is_genuine("old", header, body, now=1301)
    assert not client.is_genuine("other", header, body, now=1000)
    assert not client.is_genuine("new", header, body + b" ", now=1000)
    assert not client.is_genuine("new", "nonsense", body, now=1000)
