"""Who wants to join just now: every stage with somebody in it, some late, two that may be one, interviews to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from staffing.core.actors import LINK, Actor, actor_of
from staffing.core.models import City, Role, User
from staffing.demo import life
from staffing.demo.seed import names
from workers.models import Application, Language, Partner, Skill, SoftSkill, Worker
from workers.services import activation, applications, interviews
from workers.services.activation import Terms
from workers.services.applications import ApplicationSpec
from workers.services.interviews import Appointment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENGLISH = {
    "logic": "Logic", "empathy": "Empathy", "multitasking": "Multitasking", "communication": "Communication",
    "emotion": "Keeping calm", "time": "Time management", "adaptability": "Adaptability",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """So many people who came so long ago (days, from–to) and got as far as this."""

    stage: str
    many: int
    first: float
    last: float


GROUPS = (
    Group("active", 2, 15, 18),
    Group("rejected", 3, 9, 14),
    Group("training", 3, 8, 12),
    Group("withdrawn", 2, 5, 8),
    Group("interview", 6, 1.5, 4),
    Group("documents", 4, 2, 5),
    Group("applied", 6, 0.1, 1.8),
)
WAYS = {
    "active": ("documents", "interview", "training"),
    "training": ("documents", "interview", "training"),
    "rejected": (),
}
WORK = ("两年电商在线客服，熟悉退换货流程。", "在校做过校园大使和展会接待。", "银行柜台实习三个月。", "", "")
MAJORS = ("市场营销", "英语", "旅游管理", "电子商务", "")
COMMENTS = ("表达清楚，情绪稳，可以先排售后。", "反应快，打字需要再练。", "有同理心，时间很固定。", "")
FREE = (
    [[day, 1080, 1320] for day in range(5)],
    [[day, 540, 1320] for day in (5, 6)],
    [[day, 540, 1080] for day in range(5)],
)


def build(now: datetime, since: datetime, seed: int) -> None:
    """Hand them in and move them, each at its time. From `since` on the hours are lived: what is due then waits."""
    random = Random(seed + 9)
    for skill in SoftSkill:
        Skill.objects.get_or_create(
            code=skill.value, defaults={"name_zh": str(skill.label), "name_en": ENGLISH[skill], "kind": Skill.Kind.SOFT}
        )
    desk = [actor_of(user) for user in User.objects.filter(role=Role.DISPATCHER).order_by("pk")]
    people, numbers = names.people(random), names.phones("1350000")
    for group in GROUPS:
        for place in range(group.many):
            came = now - (group.last - (group.last - group.first) * place / group.many) * DAY
            found = _come(next(people), next(numbers), came, random)
            _go(found, group.stage, came, now, desk, random)
    _twice(now, people, random)
    life.drain(since)


def _come(name: str, phone: str, at: datetime, random: Random) -> Application:
    partner = random.choice([None, *Partner.objects.order_by("pk")]) if random.random() < 0.5 else None
    source = random.choice(("direct", "student", "student", "career"))
    city = random.choice(list(City.objects.order_by("pk")))
    spec = ApplicationSpec(
        name, phone, city=city, source=source, remote_ok=random.random() < 0.6, answers=_said(random), consented=True
    )
    return applications.submit(spec, partner=partner, by=LINK, now=at).application


def _said(random: Random) -> dict[str, Any]:
    """What people say of themselves."""
    skills = list(Skill.objects.filter(is_active=True).exclude(kind__in=("soft", "typing")).order_by("pk"))
    chosen = random.sample(skills, min(4, len(skills)))
    spoken = random.sample(list(Language.objects.filter(is_active=True).order_by("pk")), 1)
    return {
        "skills": {row.code: random.randint(2, row.most_level) for row in chosen},
        "languages": {row.code: random.randint(3, row.most_level) for row in spoken},
        "typing_wpm": random.choice((None, 45, 58, 63, 72, 90)),
        "major": random.choice(MAJORS),
        "experience": random.choice(WORK),
        "windows": random.choice(FREE),
    }


def _go(found: Application, stage: str, came: datetime, now: datetime, desk: list[Actor], random: Random) -> None:
    by, pace = _owner(found, desk), (now - came) / 6
    for number, step in enumerate(WAYS.get(stage, (stage,) if stage in ("documents", "interview") else ()), 1):
        at = came + number * pace
        applications.move(found.pk, step, by=by, now=at)
        if step == "interview":
            _talk(found, at, now, by, desk, random)
    _end(found, stage, came + 5 * pace, by, random)


def _owner(found: Application, desk: list[Actor]) -> Actor:
    return actor_of(found.owner) if found.owner else desk[0]


def _talk(found: Application, at: datetime, now: datetime, by: Actor, desk: list[Actor], random: Random) -> None:
    """Set for the day after the move; what is over has been scored, sometimes by two."""
    day = timezone.localtime(at) + random.choice((1, 2, 5)) * DAY
    start = day.replace(hour=random.choice((10, 11, 14, 16)), minute=30, second=0, microsecond=0)
    how = random.choice(("phone", "phone", "video", "on_site"))
    place = {"phone": "", "video": "会议号 806 215 377", "on_site": "云栖路 18 号 3 楼面试间"}[how]
    interviews.appoint(found.pk, Appointment(start, how, place), by=by, now=at)
    if start + HOUR < now:
        for one in [by, *[each for each in desk if each != by][: random.randint(0, 1)]]:
            grades = {skill: random.choice((2, 3, 3, 4, 4, 5)) for skill in SoftSkill.values}
            interviews.score(found.pk, grades, random.choice(COMMENTS), by=one, now=start + HOUR)


def _end(found: Application, stage: str, at: datetime, by: Actor, random: Random) -> None:
    if stage == "rejected":
        applications.reject(found.pk, random.choice(("unsuitable", "unreachable", "papers")), by=by, now=at)
    elif stage == "withdrawn":
        applications.withdraw(found.pk, by=LINK, now=at)
    elif stage == "active":
        assert found.city is not None
        activation.activate(found.pk, Terms(found.city), by=by, now=at)


def _twice(now: datetime, people: Iterator[str], random: Random) -> None:
    """Somebody of the pool applies again, and somebody who applied is sent by a partner as well."""
    known = Worker.objects.select_related("user").order_by("-pk")[5]
    _come(known.user.name, known.user.phone, now - 7 * HOUR, random)
    waiting = Application.objects.filter(status="documents", duplicate="").order_by("pk")[0]
    sent = ApplicationSpec(waiting.name, waiting.phone, city=waiting.city, answers=_said(random), consented=True)
    others = Partner.objects.exclude(pk=waiting.partner_id) if waiting.partner_id else Partner.objects.all()
    applications.submit(sent, partner=others.order_by("pk").first(), by=LINK, now=now - 3 * HOUR)
