"""Where people came from: partners with keys and news, what their applicants became, and files of applicants."""

import io
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User
from staffing.demo.seed import names
from workers.models import Application, ImportFile, Partner, PartnerDelivery, PartnerFee, PartnerKey, Scope, Worker
from workers.services import hooks, importing, partners

DAY = timedelta(days=1)
# Whoever came earlier came before sources were kept; their first weeks are not in the history either.
FIRST, LAST = 70, 145
SOURCES = Worker.Source


@dataclass(frozen=True, slots=True)
class Kind:
    """A partner as the demo has it: CNY for each active worker, CNY paid at once, the share of people it sent."""

    code: str
    name: str
    kind: str
    contact: str
    each: int
    paid: int
    share: float
    url: str = ""


PARTNERS = (
    Kind(
        "yunti",
        "云梯招聘平台",
        SOURCES.PARTNER,
        "罗经理 · 接口对接群",
        180,
        3000,
        0.4,
        "https://hooks.yunti.example/lingke",
    ),
    Kind("haichuan", "海川职业培训学校", SOURCES.TRAINING, "教务处 段老师", 120, 0, 0.25),
    Kind(
        "minghu", "明湖学院就业中心", SOURCES.STUDENT, "就业办 葛老师", 0, 1200, 0.2, "https://job.minghu.example/news"
    ),
    Kind("xinlu", "新路转行社群", SOURCES.CAREER, "群主 阿岚", 90, 0, 0.15),
)
OUTCOMES = ("rejected", "rejected", "withdrawn")
WRONG = "王可,1380000,上海,\n=SUM(A1),13600009001,,\n,13600009002,北京,接受\n林知夏,13600009003,亚特兰蒂斯,是\n"


def build(now: datetime, seed: int) -> None:
    """Everything, at its time."""
    random, by = Random(seed + 6), actor_of(User.objects.filter(role=Role.DISPATCHER).earliest("pk"))
    found = [_partner(kind, by, now) for kind in PARTNERS]
    _people(found, random, now)
    _news(found[0], now)
    _files(found, by, random, now)


def _partner(kind: Kind, by: Actor, now: datetime) -> Partner:
    since = now - 150 * DAY
    row = Partner(code=kind.code, name=kind.name, kind=kind.kind, contact=kind.contact, cost_per_active=kind.each)
    partner = partners.save(row, by=by, now=since)
    if kind.paid:
        fee = PartnerFee(paid_on=timezone.localdate(now) - 40 * DAY, amount=Decimal(kind.paid), note="季度推广费")
        partners.pay(partner, fee, by=by, now=now - 40 * DAY)
    if kind.url:
        _machine(partner, kind, by, now, since)
    return partner


def _machine(partner: Partner, kind: Kind, by: Actor, now: datetime, since: datetime) -> None:
    """A key that is used, one to try with, and an address; nothing of the demo answers there."""
    for sandbox in (True, False):
        form = uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind.code}{sandbox}")
        made = partners.make_key(partner, sandbox=sandbox, scopes=list(Scope.values), form_key=form, by=by, now=since)
        if not sandbox:
            PartnerKey.objects.filter(pk=made.key.pk).update(last_used_at=now - timedelta(minutes=47))
    hooks.save(partner, url=kind.url, is_active=False, by=by, now=since)


def _people(found: list[Partner], random: Random, now: datetime) -> None:
    """Applications of some who are here, and of some who are not."""
    today = timezone.localdate(now)
    joined = {"joined_on__gte": today - LAST * DAY, "joined_on__lte": today - FIRST * DAY}
    workers = list(Worker.objects.filter(**joined, applications=None).select_related("user", "city").order_by("pk"))
    weights = [kind.share for kind in PARTNERS]
    rows = []
    for worker in workers:
        partner = random.choices(found, weights)[0]
        worker.source, worker.partner = partner.kind, partner
        rows.append(_taken(worker, partner, random))
        rows += [_lost(partner, random, worker.joined_on, now) for _ in range(random.randint(0, 2))]
    Worker.objects.bulk_update(workers, ["source", "partner"])
    Application.objects.bulk_create(rows)


def _taken(worker: Worker, partner: Partner, random: Random) -> Application:
    joined = timezone.make_aware(datetime.combine(worker.joined_on, time(15)))
    return Application(
        name=worker.user.name,
        phone=worker.user.phone,
        city=worker.city,
        source=partner.kind,
        partner=partner,
        status="active",
        worker=worker,
        created_at=joined - random.randint(4, 12) * DAY,
        stage_at=joined,
        closed_at=joined,
    )


def _lost(partner: Partner, random: Random, day: date, now: datetime) -> Application:
    outcome = random.choice(OUTCOMES)
    came = timezone.make_aware(datetime.combine(day, time(11))) - random.randint(0, 20) * DAY
    reason = random.choice(("papers", "interview", "unreachable")) if outcome == "rejected" else ""
    return Application(
        name=next(names.people(random)),
        phone=f"1360001{random.randrange(10_000):04d}",
        source=partner.kind,
        partner=partner,
        status=outcome,
        reason=reason,
        created_at=came,
        stage_at=came + 3 * DAY,
        closed_at=came + 3 * DAY,
    )


def _news(partner: Partner, now: datetime) -> None:
    """What was told: arrived, but for two of a night when the other side was away."""
    sent = Application.objects.filter(partner=partner).order_by("-closed_at")[:14]
    rows = []
    for number, application in enumerate(sent):
        at = application.closed_at or now
        lost = number in (3, 4)
        data = {"id": application.pk, "external_id": "", "status": application.status, "before": "training"}
        times = {"given_up_at": at + 3 * DAY} if lost else {"delivered_at": at + timedelta(seconds=2)}
        rows.append(
            PartnerDelivery(
                partner=partner,
                key=f"demo:{application.pk}",
                kind=hooks.STAGE,
                application=application,
                body={"type": hooks.STAGE, "at": at.isoformat(), "data": data},
                created_at=at,
                since=at,
                attempts=15 if lost else 1,
                last_error="hooks.yunti.example: HTTP 503" if lost else "",
                **times,
            )
        )
    PartnerDelivery.objects.bulk_create(rows)


def _files(found: list[Partner], by: Actor, random: Random, now: datetime) -> None:
    """A file that went in, with rows to mend, and one that waits for somebody to look at it."""
    done = _upload("海川结业名单.csv", _rows(random, 1, 6) + WRONG, found[1], by, now - 3 * DAY)
    importing.start(done.pk, by=by, now=now - 3 * DAY)
    importing.go_on(done.pk, 0, now - 3 * DAY)
    _upload("明湖学院暑期报名.csv", _rows(random, 20, 28) + WRONG, found[2], by, now - timedelta(hours=2))


def _rows(random: Random, first: int, last: int) -> str:
    people = names.people(random)
    return "".join(f"{next(people)},1360000{number:04d},上海,是\n" for number in range(first, last))


def _upload(name: str, rows: str, partner: Partner, by: Actor, now: datetime) -> ImportFile:
    content = io.BytesIO(("姓名,联系电话,所在城市,能否远程\n" + rows).encode("gb18030"))
    return importing.upload(content, name, source=partner.kind, partner=partner, by=by, now=now)
