"""Papers in the demo: pictures that wait, checks in every state, what ends soon, and numbers that nobody has."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from staffing.core import secret_numbers
from staffing.core.actors import Actor, actor_of
from staffing.core.models import User
from staffing.demo import logins
from workers.models import BackgroundCheck, CertificateType, Clearance, Language, Skill, VaultEntry, Worker
from workers.models import WorkerCertificate as Held
from workers.paper_states import CheckStatus
from workers.services import checks, papers, vault
from workers.services.checks import Wanted
from workers.services.papers import Claim
from workers.states import MATCHED

DAY = timedelta(days=1)
SOURCES = ("无犯罪记录证明", "前雇主书面核实", "第三方背调报告", "社区与学校证明")
REMARKS = ("", "新办的，旧的下月到期", "", "原件在家，需要可以带到公司", "学信网可查", "")
TURNED_DOWN = "照片反光，看不清有效期，请把证件放平再拍一张。"
# First digits 99 were never given to any province (GB/T 2260).
AREAS = range(990000, 1_000_000)


def build(now: datetime, seed: int) -> None:
    """After everybody is there and the last weeks were lived."""
    random = Random(f"papers {seed}")
    pool = list(Worker.objects.filter(status__in=MATCHED).select_related("user").order_by("pk"))
    visitor = next(worker for worker in pool if worker.user.phone == logins.WORKER.phone)
    others = [worker for worker in pool if worker is not visitor]
    staff = tuple(actor_of(User.objects.get(phone=who.phone)) for who in (logins.DISPATCHER, logins.MANAGER))
    _numbers(pool, random, now)
    vault.reveal(visitor.pk, "bank", "报酬退票，核对卡号", by=staff[1], now=now - 3 * DAY)
    _cleared(pool, random, staff, now)
    _under_way([worker for worker in others if not worker.clearance], random, staff, now)
    _waiting([visitor, *random.sample(others, min(len(others), 5))], random, now)
    _turned_down(visitor, random, staff[0], now)
    _ending(visitor, others, random, now)


def identity(random: Random) -> str:
    """A number by the rules of an area that does not exist."""
    born = datetime(1978, 1, 1) + timedelta(days=random.randrange(27 * 365))
    first = f"{random.choice(AREAS)}{born:%Y%m%d}{random.randrange(1000):03d}"
    return first + secret_numbers.check_digit(first)


def account(random: Random) -> str:
    """A card whose digits after the issuer's are mostly zero, with the right check digit."""
    first = f"6217000000{random.randrange(10**8):08d}"
    return next(first + digit for digit in "0123456789" if secret_numbers.luhn(first + digit))


def _numbers(pool: Sequence[Worker], random: Random, now: datetime) -> None:
    """Most have given both; two the same identity number, which a person has to look into."""
    rows, given = [], [worker for worker in pool if random.random() < 0.8 or worker.user.phone == logins.WORKER.phone]
    numbers = [identity(random) for _ in given]
    numbers[-1] = numbers[-2]
    for worker, number in zip(given, numbers, strict=True):
        for kind, text in (("identity", number), ("bank", account(random))):
            row = VaultEntry(worker=worker, kind=kind, changed_at=now - random.randint(5, 60) * DAY)
            vault.fill(row, text)
            rows.append(row)
    VaultEntry.objects.bulk_create(rows)


def _cleared(pool: Sequence[Worker], random: Random, staff: Sequence[Actor], now: datetime) -> None:
    """Behind each clearance stands a check; a few end within weeks. Some others had one once."""
    rows, cleared = [], [worker for worker in pool if worker.clearance]
    for worker in cleared:
        made = now - random.randint(60, 330) * DAY
        worker.clearance_until = timezone.localdate(made) + 365 * DAY
        rows.append(_passed(worker, worker.clearance, made, random, staff))
    Worker.objects.bulk_update(cleared, ["clearance_until"])
    ended = (CheckStatus.EXPIRED, CheckStatus.REVOKED, CheckStatus.REFUSED)
    for worker, status in zip((each for each in pool if not each.clearance), ended * 3, strict=False):
        made = now - random.randint(380, 500) * DAY
        row = _passed(worker, Clearance.STANDARD, made, random, staff)
        row.status, row.closed_at = status, made + 365 * DAY
        if status != CheckStatus.EXPIRED:
            row.closed_at, row.closed_by = made + 9 * DAY, staff[1].user
            row.reason = "提供的证明与本人不符"
        rows.append(row)
    BackgroundCheck.objects.bulk_create(rows)


def _passed(worker: Worker, level: int, made: datetime, random: Random, staff: Sequence[Actor]) -> BackgroundCheck:
    row = BackgroundCheck(worker=worker, level=level, status=CheckStatus.PASSED, source=random.choice(SOURCES))
    row.requested_by, row.requested_at, row.decided_at = staff[0].user, made - 2 * DAY, made
    row.first_by, row.first_at = staff[0].user, made - DAY
    row.valid_until = timezone.localdate(made) + 365 * DAY
    if level == Clearance.HIGH:
        row.second_by, row.second_at = staff[1].user, made
    return row


def _under_way(people: Sequence[Worker], random: Random, staff: Sequence[Actor], now: datetime) -> None:
    """One that waits for its only word, one for its first of two, and two for the second: one of each of the staff."""
    plans = ((Clearance.STANDARD, None), (Clearance.HIGH, None), (Clearance.HIGH, staff[1]), (Clearance.HIGH, staff[0]))
    for worker, (level, first), days in zip(
        random.sample(people, min(len(people), 4)), plans, (1, 2, 3, 4), strict=False
    ):
        at = now - days * DAY
        day = checks.last_day(level, timezone.localdate(at))
        row = checks.request(worker.pk, Wanted(level, random.choice(SOURCES), day), by=staff[0], now=at)
        if first is not None:
            checks.approve(row.pk, by=first, now=at + DAY / 4)


def _waiting(people: Sequence[Worker], random: Random, now: datetime) -> None:
    """Everybody has sent a picture of something, the oldest two days ago."""
    for number, (worker, claim) in enumerate(zip(people, _claims(), strict=False)):
        at = now - (2 - number * 0.3) * DAY
        remark = REMARKS[number % len(REMARKS)]
        papers.send(worker.pk, claim, picture(random), remark=remark, by=actor_of(worker.user), now=at)


def _claims() -> Iterator[Claim]:
    certificates = CertificateType.objects.filter(is_active=True).order_by("code")
    skills = Skill.objects.filter(is_active=True, kind=Skill.Kind.EDUCATION).order_by("code")
    yield from (Claim("certificate", row) for row in certificates[:3])
    yield from (Claim("skill", row, min(3, row.most_level)) for row in skills[:1])
    yield from (Claim("language", row, 4) for row in Language.objects.filter(is_active=True).order_by("code")[:2])


def _turned_down(visitor: Worker, random: Random, by: Actor, now: datetime) -> None:
    kind = CertificateType.objects.filter(is_active=True).order_by("-code").first()
    if kind is not None:
        sent: Any = {"remark": "", "by": actor_of(visitor.user), "now": now - 5 * DAY}
        row = papers.send(visitor.pk, Claim("certificate", kind), picture(random), **sent)
        papers.refuse(row.pk, TURNED_DOWN, by=by, now=now - 4 * DAY)


def _ending(visitor: Worker, others: Sequence[Worker], random: Random, now: datetime) -> None:
    """A certificate of the visitor's ends in twelve days, of some others within the month."""
    today = timezone.localdate(now)
    Held.objects.filter(pk__in=visitor.certificates.order_by("pk").values("pk")[:1]).update(expires_on=today + 12 * DAY)
    for worker in random.sample(others, min(len(others), 8)):
        rows = worker.certificates.filter(expires_on__gt=today).order_by("pk").values("pk")[:1]
        Held.objects.filter(pk__in=rows).update(expires_on=today + random.randint(16, 29) * DAY)


def picture(random: Random) -> BytesIO:
    """A sheet with a frame, lines of writing, a portrait and a seal."""
    sheet = Image.new("RGB", (960, 680), (random.randint(70, 110),) * 3)
    drawn, paper = ImageDraw.Draw(sheet), random.choice(((250, 246, 236), (246, 248, 250), (252, 250, 244)))
    drawn.polygon([(60, 50 + random.randint(0, 24)), (900, 40), (910, 640), (50, 630)], fill=paper)
    drawn.rectangle((95, 90, 865, 595), outline=(176, 148, 96), width=6)
    drawn.rectangle((330, 130, 630, 170), fill=(120, 40, 40))
    for line in range(7):
        drawn.rectangle((340, 215 + line * 48, 340 + random.randint(240, 470), 231 + line * 48), fill=(90, 90, 96))
    drawn.rectangle((140, 215, 290, 405), fill=(150, 180, 205))
    drawn.ellipse((185, 245, 245, 310), fill=(235, 205, 180))
    drawn.rectangle((165, 325, 265, 405), fill=(60, 70, 90))
    drawn.ellipse((660, 430, 810, 580), outline=(205, 40, 40), width=8)
    drawn.regular_polygon((735, 505, 34), 5, fill=(205, 40, 40))
    out = BytesIO()
    sheet.rotate(random.uniform(-2, 2), fillcolor=(80, 80, 84)).save(out, "JPEG", quality=80)
    out.seek(0)
    return out
