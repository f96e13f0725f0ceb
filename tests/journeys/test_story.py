"""The story of the demo as a test: real HTTP sessions against a live server, a real Celery worker with beat beside."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from staffing.core import clock
from staffing.core.models import OutboxMessage
from staffing.demo import invariants
from staffing.demo.story import browser

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "timers,matching,notify"

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("story")]


@pytest.fixture
def jobs(process_env: Mapping[str, str], tmp_path: Path) -> Iterator[None]:
    """A Celery worker with beat, a process of its own, on the test's database and Valkey."""
    argv = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "staffing.celery:app", "worker", "--beat"]
    argv += ["--schedule", str(tmp_path / "beat"), "--queues", QUEUES, "--concurrency", "2", "--without-gossip"]
    with (tmp_path / "jobs.log").open("wb") as log:
        process = subprocess.Popen(
            argv, cwd=ROOT, env={**process_env, "OUTBOX_SWEEP_SECONDS": "1"}, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def test_the_story_holds_every_promise(jobs: None, live_server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("story", "--address", live_server.url)
    told = capsys.readouterr().out
    assert told.count("every promise held") == 1
    assert told.count("10 of 10") == 1
    assert invariants.violations(clock.now()) == []
    assert not OutboxMessage.objects.exclude(last_error="").exists()


def test_without_the_jobs_the_story_fails_and_says_what_was_promised(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(CommandError, match="the proposal on the desk"):
        call_command("story", "--address", live_server.url)
