"""Typing on the phone or at a desk: the text, the field, what came of it."""

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.models import Script, TrainingPolicy, TypingAttempt
from workers.selectors import typing_tests as reads
from workers.services import typing_tests
from workers.training_states import TypingStatus
from workers.views.me import my_worker

# Why a try does not count, in plain words.
REFUSALS: Final = {
    "empty": gettext_lazy("没有输入内容。"),
    "paste": gettext_lazy("过程中有粘贴或拖入的内容，这次不算成绩。请逐字输入。"),
    "broken": gettext_lazy("输入过程不完整，无法核对。请重新测一次。"),
    "clock": gettext_lazy("输入过程的时间和服务器的计时对不上，这次不算成绩。"),
    "late": gettext_lazy("没有在规定时间内提交。"),
    "chunk": gettext_lazy("有一次上屏的字太多，不像是打字输入，这次不算成绩。"),
    "fast": gettext_lazy("有几秒的速度超出了人能达到的范围，这次不算成绩。"),
    "even": gettext_lazy("每次按键的间隔几乎完全相同，不像是手动输入，这次不算成绩。"),
    "inexact": gettext_lazy("错字太多，没有达到最低准确率，这次不算成绩。"),
}


@access(Role.WORKER, methods="GET POST")
def intro(request: HttpRequest) -> HttpResponse:
    """How it goes, one's tries and the grade; begun, to the text."""
    worker, now, policy = my_worker(request), clock.now(), TrainingPolicy.current()
    script = request.POST.get("script", "")
    if request.method == "POST" and script in Script.values:
        started = typing_tests.start(worker.pk, script, by=acting(request), now=now)
        return redirect("workers:my-typing-attempt", started.pk)
    context = {"kinds": reads.kinds(worker, now, policy), "policy": policy, "refusals": REFUSALS}
    return render(request, "workers/my_typing.html", context)


@never_cache
@access(Role.WORKER, methods="GET POST")
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """The text while the time runs; handed in, the result."""
    rows = TypingAttempt.objects.select_related("text__skill")
    row = get_object_or_404(rows, pk=pk, worker__user=acting(request).user)
    if request.method == "POST":
        typing_tests.finish(row.pk, _report(request), by=acting(request), now=clock.now())
        return redirect("workers:my-typing-attempt", row.pk)
    if row.status == TypingStatus.RUNNING:
        return render(request, "workers/my_typing_attempt.html", {"attempt": row})
    context = {"attempt": row, "refusal": REFUSALS.get(row.refusal, ""), "unit": unit(row.script)}
    return render(request, "workers/my_typing_result.html", context | {"grade": reads.grade_of(row)})


def unit(script: str) -> str:
    """What the speed counts."""
    return _("字/分钟") if script == Script.ZH else _("词/分钟")


def _report(request: HttpRequest) -> Any:
    """What the browser saw; None for what is none."""
    text = request.POST.get("report", "")
    try:
        return json.loads(text) if len(text) <= typing_tests.MOST_REPORT else None
    except ValueError:
        return None
