"""What training keeps about a worker: progress, answers, how they typed, places, certificates, paid time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from staffing.core.models import User
from staffing.core.personal import Closing, Holder, Stored, register
from workers.models import AttemptQuestion, TrainingPolicy, Worker
from workers.services import sessions

OWNED = ("lessons_read", "quiz_attempts", "typing_attempts", "session_places", "issued_certificates")


def stored() -> Sequence[Stored]:
    """Learning, tests, paid time."""
    return [
        Stored(_("学习进度、测验和打字成绩、面授报名、结业证书"), _("安排培训，证明您的能力"), _("直到注销账号")),
        Stored(_("每道题的答案、打字时每次输入的时间"), _("核对成绩，发现作弊"), _kept()),
        Stored(_("带薪培训的时长和金额"), _("发放工资，法律要求保存"), _("长期保存，注销后不再带姓名")),
    ]


def _kept() -> str:
    return text("%(days)s 天，之后只留成绩") % {"days": TrainingPolicy.current().answers_days}


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Everything of it."""
    own = Worker.objects.filter(user=user).first()
    if own is None:
        return {}
    answers = AttemptQuestion.objects.filter(attempt__worker=own).order_by("attempt", "number")
    return {
        "lessons": list(own.lessons_read.values("lesson__title_zh", "at")),
        "quizzes": list(
            own.quiz_attempts.values("pk", "quiz__name_zh", "started_at", "finished_at", "status", "score")
        ),
        "answers": list(answers.values("attempt", "number", "content", "answer", "answered_at")),
        "typing": list(
            own.typing_attempts.values("script", "started_at", "status", "refusal", "speed", "accuracy", "report")
        ),
        "sessions": list(own.session_places.values("session__course__name_zh", "session__starts_at", "status")),
        "certificates_issued": list(
            own.issued_certificates.values("number", "course__name_zh", "issued_on", "valid_until", "score")
        ),
        "training_hours": list(
            own.training_hours.values("course__name_zh", "earned_on", "minutes", "rate", "amount", "rule")
        ),
    }


def settle(closing: Closing) -> None:
    """Seats to come are free for others."""
    sessions.leave_all(Worker.objects.get(user=closing.user), by=closing.by, now=closing.now)


def erase(closing: Closing) -> None:
    """Only paid time stays, by number."""
    worker = Worker.objects.get(user=closing.user)
    for name in OWNED:
        getattr(worker, name).all().delete()


register(Holder(app="workers.training", stored=stored, tables=tables, settle=settle, erase=erase))
