"""The agency's own staff and its pool of workers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from staffing.core.models import Role, User
from staffing.demo import logins
from staffing.demo.seed import abilities
from staffing.demo.seed.catalogue import CITIES, Catalogue
from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    Clearance,
    Level,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)
from workers.models.consent import PositionConsent
from workers.services.consents import VERSION as CONSENT_VERSION

Week = tuple[tuple[int, int, int], ...]
EVERY_DAY, WORKDAYS, WEEKEND = range(7), range(5), (5, 6)


def _days(days: Sequence[int], start: int, end: int) -> Week:
    return tuple((day, start, end) for day in days)


# Who is free when (local minutes; past 1440 is the next morning), and how common that is.
PATTERNS: tuple[tuple[str, float, Week], ...] = (
    ("flexible", 0.40, _days(EVERY_DAY, 420, 1380)),
    ("daytime", 0.18, _days(WORKDAYS, 480, 1140)),
    ("evening", 0.12, (*_days(WORKDAYS, 1020, 1440), *_days(WEEKEND, 540, 1440))),
    ("student", 0.12, (*_days((0, 2, 4), 780, 1380), *_days(WEEKEND, 480, 1380))),
    ("weekend", 0.06, _days(WEEKEND, 420, 1440)),
    ("night", 0.12, (*_days(EVERY_DAY, 1080, 1980),)),
)
SKILL_SHARE = {
    "online-chat": 0.72,
    "phone": 0.55,
    "complaints": 0.42,
    "crm": 0.5,
    "office": 0.55,
    "smart-pos": 0.32,
    "payment-terminal": 0.3,
    "saas-support": 0.4,
    "live-stream": 0.42,
    "english-service": 0.25,
    "reception": 0.48,
    "sales-guide": 0.48,
    "after-sale": 0.5,
    "network-faults": 0.42,
    "short-video": 0.2,
    "food-service": 0.48,
}
CERTIFICATE_SHARE = {"health": 0.72, "securities": 0.12, "first-aid": 0.15, "food-safety": 0.1}
# Who has passed which course: the experienced nearly all that their clients ask for.
COURSE_SHARE = {
    "product-knowledge": 0.8,
    "pos-operation": 0.7,
    "emergency-response": 0.4,
    "service-etiquette": 0.75,
    "complaint-talk": 0.75,
    "data-protection": 0.6,
    "kitchen-hygiene": 0.7,
    "live-rules": 0.65,
}
EXPERIENCED, BEGINNERS = 1.2, 0.8
# Days after which a course must be passed again; one in ten has let it lapse.
REPEATED = {"emergency-response": 365, "data-protection": 365, "kitchen-hygiene": 730}
LANGUAGE_SHARE = {"cantonese": 0.2, "english": 0.5, "japanese": 0.05, "sichuanese": 0.15}
STATUSES = (Worker.Status.ACTIVE, Worker.Status.SUSPENDED, Worker.Status.LEFT)
LEVELS = ((Level.JUNIOR, 60), (Level.SENIOR, 25), (Level.SUPERVISOR, 10), (Level.MANAGER, 4), (Level.DIRECTOR, 1))


@dataclass(slots=True)
class Parts:
    """Rows that hang on workers, written together at the end."""

    skills: list[WorkerSkill] = field(default_factory=list)
    certificates: list[WorkerCertificate] = field(default_factory=list)
    courses: list[WorkerCourse] = field(default_factory=list)
    languages: list[WorkerLanguage] = field(default_factory=list)
    windows: list[AvailabilityWindow] = field(default_factory=list)
    exceptions: list[AvailabilityException] = field(default_factory=list)
    consents: list[PositionConsent] = field(default_factory=list)

    def save(self) -> None:
        """Write them."""
        WorkerSkill.objects.bulk_create(self.skills)
        WorkerCertificate.objects.bulk_create(self.certificates)
        WorkerCourse.objects.bulk_create(self.courses)
        WorkerLanguage.objects.bulk_create(self.languages)
        AvailabilityWindow.objects.bulk_create(self.windows)
        AvailabilityException.objects.bulk_create(self.exceptions)
        PositionConsent.objects.bulk_create(self.consents)


def build_staff(names: Iterator[str], phones: Iterator[str], password: str) -> None:
    """Eight dispatchers, two managers, and the one who may use the stock admin."""
    shown = {Role.DISPATCHER: logins.DISPATCHER, Role.MANAGER: logins.MANAGER}
    users = [User(phone=login.phone, name=login.name, role=login.role, password=password) for login in shown.values()]
    users += [User(phone=next(phones), name=next(names), role=Role.DISPATCHER, password=password) for _ in range(7)]
    users.append(User(phone=next(phones), name=next(names), role=Role.MANAGER, password=password))
    admin = logins.ADMIN
    users.append(
        User(phone=admin.phone, name=admin.name, role=admin.role, password=password, is_staff=True, is_superuser=True)
    )
    User.objects.bulk_create(users)


def build_workers(
    catalogue: Catalogue,
    random: Random,
    names: Iterator[str],
    phones: Iterator[str],
    password: str,
    *,
    size: int,
    now: datetime,
) -> list[Worker]:
    """The pool: `size` people, the demo login first."""
    users = [User(phone=next(phones), name=next(names), role=Role.WORKER, password=password) for _ in range(size)]
    users[0].phone, users[0].name = logins.WORKER.phone, logins.WORKER.name
    User.objects.bulk_create(users)
    workers = [_worker(user, catalogue, random, now, shown=user is users[0]) for user in users]
    Worker.objects.bulk_create(workers)
    parts = Parts()
    for worker in workers:
        _equip(worker, parts, catalogue, random, now, shown=worker is workers[0])
    parts.save()
    return workers


def _worker(user: User, catalogue: Catalogue, random: Random, now: datetime, *, shown: bool) -> Worker:
    code = "shanghai" if shown else random.choices([c[0] for c in CITIES], [c[6] for c in CITIES])[0]
    city = catalogue.cities[code]
    spread = 0.02 if shown else 0.05
    return Worker(
        user=user,
        city=city,
        latitude=city.latitude + random.uniform(-spread, spread),
        longitude=city.longitude + random.uniform(-spread, spread),
        max_km=25 if shown else random.choice((10, 12, 15, 15, 20, 25)),
        remote_ok=shown or random.random() < 0.45,
        clearance=random.choices(Clearance.values, (50, 40, 10))[0],
        level=Level.SENIOR if shown else random.choices([x[0] for x in LEVELS], [x[1] for x in LEVELS])[0],
        contract=random.choices(Worker.Contract.values, (65, 35))[0],
        min_rest_minutes=random.choice((360, 480, 480, 480, 600)),
        status=Worker.Status.ACTIVE if shown else random.choices(STATUSES, (96, 3, 1))[0],
        joined_on=timezone.localdate(now) - timedelta(days=random.randint(70, 900)),
    )


def _equip(worker: Worker, parts: Parts, catalogue: Catalogue, random: Random, now: datetime, *, shown: bool) -> None:
    for code, share in SKILL_SHARE.items():
        if random.random() < (0.8 if shown else share):
            level = random.choices((2, 3, 4, 5), (20, 40, 28, 12))[0]
            seen = abilities.said_or_seen(worker, random)
            parts.skills.append(WorkerSkill(worker=worker, skill=catalogue.skills[code], level=level, **seen))
    parts.skills += abilities.of(worker, catalogue.skills, random, timezone.localdate(now))
    for code, share in CERTIFICATE_SHARE.items():
        if shown or random.random() < share:
            parts.certificates.append(_certificate(worker, code, catalogue, random, now, valid=shown))
    parts.courses += _courses(worker, catalogue, random, timezone.localdate(now), shown=shown)
    agreed = datetime.combine(worker.joined_on, time(10), timezone.get_current_timezone())
    parts.consents.append(PositionConsent(worker=worker, version=CONSENT_VERSION, given_at=agreed))
    for code, share in LANGUAGE_SHARE.items():
        if random.random() < share:
            level = random.randint(2, 5)
            parts.languages.append(WorkerLanguage(worker=worker, language=catalogue.languages[code], level=level))
    week = PATTERNS[0][2] if shown else random.choices([p[2] for p in PATTERNS], [p[1] for p in PATTERNS])[0]
    parts.windows += [
        AvailabilityWindow(worker=worker, weekday=day, start_minute=start, end_minute=end) for day, start, end in week
    ]
    if not shown and random.random() < 0.1:
        parts.exceptions.append(_holiday(worker, random, now))


def _certificate(
    worker: Worker, code: str, catalogue: Catalogue, random: Random, now: datetime, *, valid: bool
) -> WorkerCertificate:
    """One in twenty-five ran out some days ago."""
    out = not valid and random.random() < 0.04
    days = -random.randint(1, 40) if out else random.randint(20, 700)
    until = timezone.localdate(now) + timedelta(days=days)
    return WorkerCertificate(
        worker=worker,
        type=catalogue.certificates[code],
        issuer=f"{worker.city.name_zh}市人才服务中心",
        expires_on=until,
        verified_on=worker.joined_on,
    )


def _courses(worker: Worker, catalogue: Catalogue, random: Random, today: date, *, shown: bool) -> list[WorkerCourse]:
    """What the worker passed within days of joining, and again whenever it was due."""
    factor = BEGINNERS if worker.level == Level.JUNIOR else EXPERIENCED
    chosen = [code for code, share in COURSE_SHARE.items() if shown or random.random() < share * factor]
    return [
        _course(worker, code, catalogue, random, today, lapsed=not shown and random.random() < 0.1) for code in chosen
    ]


def _course(
    worker: Worker, code: str, catalogue: Catalogue, random: Random, today: date, *, lapsed: bool
) -> WorkerCourse:
    passed, lasts = worker.joined_on + timedelta(days=random.randint(1, 9)), REPEATED.get(code)
    if lasts is not None and not lapsed:
        passed += (today - passed).days // lasts * timedelta(days=lasts)
    return WorkerCourse(
        worker=worker,
        course=catalogue.courses[code],
        passed_on=passed,
        valid_until=None if lasts is None else passed + timedelta(days=lasts),
        score=random.randint(80, 100),
    )


def _holiday(worker: Worker, random: Random, now: datetime) -> AvailabilityException:
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=random.randint(-20, 12))
    return AvailabilityException(
        worker=worker,
        kind=AvailabilityException.Kind.OFF,
        start_at=start,
        end_at=start + timedelta(days=random.randint(1, 4)),
        note=random.choice(("回家", "考试周", "旅行", "家中有事")),
    )
