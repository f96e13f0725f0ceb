"""What is left of a worker's application: how they came."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from staffing.core.actors import LINK
from staffing.core.models import User
from staffing.core.personal import Closing, Holder, Stored, register
from workers.models import Application, InterviewScore
from workers.selectors import applications as reads
from workers.services import application_forms, applications
from workers.states import OPEN


def of(user: User) -> QuerySet[Application]:
    """Those that led to this person, were merged into one that did, or bear their phone."""
    own = Q(worker__user=user) | Q(merged_into__worker__user=user) | Q(phone=user.phone)
    return Application.objects.filter(own, erased_at=None).select_related("city", "partner", "interview").order_by("pk")


def stored() -> Sequence[Stored]:
    """The application."""
    return [
        Stored(
            _("报名时填写的内容、面试时间和评分"),
            _("判断是否合适，了解您从哪里来"),
            _("直到注销账号；没有录用的，到期清除"),
        )
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was said, and how it was scored."""
    found = list(of(user))
    scores = Q(sheet__application__in=found)
    rows = InterviewScore.objects.filter(scores).values("sheet__application", "skill", "grade")
    return {"applications": [reads.own_data(one) for one in found], "interview_scores": list(rows)}


def erase(closing: Closing) -> None:
    """Source, stages and dates stay, by number."""
    for one in of(closing.user):
        if one.status in OPEN:
            applications.withdraw(one.pk, by=LINK, now=closing.now)
        application_forms.forget(one.pk, closing.now, closing.by)
    application_forms.forget_forms(closing.user.phone)


register(Holder(app="workers.applications", stored=stored, tables=tables, erase=erase))
