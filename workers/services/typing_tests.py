"""The writers of tries at typing: the server hands out the text, starts its clock, and judges what comes back."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from staffing.core import outbox, transitions
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from workers.learning import typing as rules
from workers.models import Script, TrainingPolicy, TypingAttempt, TypingText, Worker
from workers.services import passing
from workers.training_states import TypingStatus

SECOND_MS = 1000
# What the report may weigh as it comes in, characters.
MOST_REPORT = 400_000


def rules_for(script: str, policy: TrainingPolicy) -> rules.Rules:
    """What the policy lets a hand do."""
    fastest = policy.typing_fastest_zh if script == Script.ZH else policy.typing_fastest_en
    return rules.Rules(
        limit_ms=policy.typing_seconds * SECOND_MS,
        grace_ms=policy.typing_grace_seconds * SECOND_MS,
        lag_ms=policy.typing_lag_seconds * SECOND_MS,
        chunk_most=policy.typing_chunk,
        fastest=fastest,
        least_accuracy=policy.typing_accuracy,
    )


def tried(worker: Worker, script: str, now: datetime, policy: TrainingPolicy) -> list[TypingAttempt]:
    """The tries of the days that count, the newest first."""
    since = now - timedelta(days=policy.typing_days)
    return list(worker.typing_attempts.filter(script=script, started_at__gt=since).defer("report", "body"))


@transaction.atomic
def start(worker_id: int, script: str, *, by: Actor, now: datetime, seed: int | None = None) -> TypingAttempt:
    """Hand out a text that was not the last one, and start the clock. A try that runs is given up.

    Raises `Conflict` when the tries of the days are used up, or there is no text.
    """
    worker, policy = Worker.objects.select_for_update(no_key=True).get(pk=worker_id), TrainingPolicy.current()
    for row in worker.typing_attempts.filter(status=TypingStatus.RUNNING):
        _refuse(row, "late", by, now)
    before = tried(worker, script, now, policy)
    if len(before) >= policy.typing_tries:
        raise Conflict(
            "no_tries", _("最近 %(days)s 天的 %(n)s 次机会已用完。"), days=policy.typing_days, n=policy.typing_tries
        )
    text = _text(script, before[0].text_id if before else None, secrets.randbelow(2**31) if seed is None else seed)
    attempt = TypingAttempt.objects.create(
        worker=worker, text=text, script=script, body=text.body, started_at=now, ends_at=_until(now, policy)
    )
    due = attempt.ends_at + timedelta(seconds=policy.typing_lag_seconds)
    outbox.publish("typingattempt.deadline", {"id": attempt.pk}, key=str(attempt.pk), now=now, due_at=due)
    return attempt


def _until(now: datetime, policy: TrainingPolicy) -> datetime:
    return now + timedelta(seconds=policy.typing_seconds)


def _text(script: str, last: int | None, seed: int) -> TypingText:
    texts = list(TypingText.objects.filter(script=script, is_active=True).order_by("pk"))
    fresh = [text for text in texts if text.pk != last] or texts
    if not fresh:
        raise Conflict("no_text", _("现在没有可用的打字文本。"))
    return fresh[seed % len(fresh)]


@transaction.atomic
def finish(attempt_id: int, report: Any, *, by: Actor, now: datetime) -> TypingAttempt:
    """Judge what the browser reports; the best that counts becomes the worker's grade. Repeating it changes nothing."""
    attempt = _lock(attempt_id)
    if attempt.status != TypingStatus.RUNNING:
        return attempt
    policy = TrainingPolicy.current()
    try:
        chunks = rules.read(report)
    except rules.Unreadable:
        _refuse(attempt, "broken", by, now)
        return attempt
    waited = (now - attempt.started_at) // timedelta(milliseconds=1)
    words = attempt.script == Script.EN
    verdict = rules.judge(attempt.body, chunks, waited, rules_for(attempt.script, policy), words=words)
    attempt.report = report
    _write(attempt, verdict, by, now)
    if attempt.status == TypingStatus.COUNTED:
        _grade(attempt, policy, by, now)
    return attempt


def _write(attempt: TypingAttempt, verdict: rules.Verdict, by: Actor, now: datetime) -> None:
    if found := verdict.measure:
        attempt.typed, attempt.errors = found.typed, found.errors
        attempt.accuracy, attempt.speed = found.accuracy, found.speed
    if verdict.refusal:
        _refuse(attempt, verdict.refusal, by, now)
        return
    attempt.finished_at = now
    also = ["finished_at", "report", "typed", "errors", "accuracy", "speed"]
    transitions.change(attempt, "count", by=by, now=now, also=also)


def _refuse(attempt: TypingAttempt, why: str, by: Actor, now: datetime) -> None:
    attempt.refusal, attempt.finished_at = why, now
    also = ["refusal", "finished_at", "report", "typed", "errors", "accuracy", "speed"]
    transitions.change(attempt, "refuse", by=by, now=now, also=also, reason=why)


def expire(attempt_id: int, now: datetime) -> None:
    """Nothing came back in time."""
    with transaction.atomic():
        attempt = _lock(attempt_id)
        if attempt.status == TypingStatus.RUNNING and attempt.ends_at <= now:
            _refuse(attempt, "late", SYSTEM, now)


def _grade(attempt: TypingAttempt, policy: TrainingPolicy, by: Actor, now: datetime) -> None:
    """The best of the days that count, by the thresholds of the skill."""
    since = now - timedelta(days=policy.typing_days)
    counted = attempt.worker.typing_attempts.filter(
        text__skill=attempt.text.skill_id, script=attempt.script, status=TypingStatus.COUNTED, started_at__gt=since
    )
    best = counted.aggregate(best=Max("speed"))["best"] or 0
    level = attempt.text.skill.level_of(best)
    if level:
        days = policy.typing_valid_days
        passing.graded(attempt.worker, attempt.text.skill, level, valid_days=days, by=by, now=now)


def _lock(attempt_id: int) -> TypingAttempt:
    """The attempt, after its worker."""
    worker_id = TypingAttempt.objects.values_list("worker_id", flat=True).get(pk=attempt_id)
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    rows = TypingAttempt.objects.select_for_update(of=("self",)).select_related("worker", "text__skill")
    return rows.get(pk=attempt_id)
