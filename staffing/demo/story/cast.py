"""Fresh people for one story: a client, a dispatcher, a manager, and a team that alone has one skill."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from orders.models import Client, ClientMember, Site
from staffing.core.models import City, Role, User
from staffing.demo import logins
from staffing.demo.life.cast import STORY_PREFIX
from staffing.demo.seed.catalogue import CITIES, rate_card
from staffing.demo.seed.people import EVERY_DAY
from workers.models import AvailabilityWindow, Level, RateCard, Skill, Worker, WorkerSkill
from workers.services import consents

TEAM = 14
REST_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and places of one story."""

    client: User
    dispatcher: User
    manager: User
    workers: list[User]
    skill: Skill
    site: Site


@transaction.atomic
def gather(now: datetime) -> Cast:
    """Write them. They rest ten hours between shifts, so that ten places need ten people."""
    number = User.objects.filter(phone__startswith=STORY_PREFIX).count()
    hashed = make_password(logins.PASSWORD)

    def user(role: str, name: str) -> User:
        nonlocal number
        number += 1
        return User.objects.create(phone=f"{STORY_PREFIX}{number:07d}", name=name, role=role, password=hashed)

    city = _city()
    run = Skill.objects.filter(code__startswith="story-").count() + 1
    skill = Skill.objects.create(code=f"story-{run}", name_zh=f"专项客服 {run}", name_en=f"Special service {run}")
    company = Client.objects.create(name=f"晨汐生活商城（演示 {run}）", industry="ecommerce", created_at=now)
    client = user(Role.CLIENT, "宋明溪")
    ClientMember.objects.create(user=client, client=company)
    site = Site.objects.create(
        client=company,
        name="客服中心",
        address="示范路 8 号",
        city=city,
        latitude=city.latitude,
        longitude=city.longitude,
        given_datum="wgs84",
    )
    people = [user(Role.WORKER, f"演示客服{run}-{seat:02d}") for seat in range(1, TEAM + 1)]
    for person in people:
        _worker(person, city, skill, now)
    return Cast(client, user(Role.DISPATCHER, "周予安"), user(Role.MANAGER, "许知夏"), people, skill, site)


def _city() -> City:
    """The city of the story; on a database without a demo agency it is made, with its rates."""
    if not RateCard.objects.exists():
        RateCard.objects.bulk_create(rate_card())
    code, zh, en, tier, latitude, longitude, _share = CITIES[1]
    values = {"name_zh": zh, "name_en": en, "tier": tier, "latitude": latitude, "longitude": longitude}
    return City.objects.get_or_create(code=code, defaults=values)[0]


def _worker(user: User, city: City, skill: Skill, now: datetime) -> None:
    worker = Worker.objects.create(
        user=user,
        city=city,
        latitude=city.latitude,
        longitude=city.longitude,
        stars=Decimal("4.6"),
        reliability=95,
        level=Level.SENIOR,
        contract=Worker.Contract.SERVICE,
        min_rest_minutes=REST_MINUTES,
        joined_on=timezone.localdate(now),
    )
    consents.give(worker, now)
    WorkerSkill.objects.create(worker=worker, skill=skill, level=4)
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(worker=worker, weekday=day, start_minute=0, end_minute=1440) for day in EVERY_DAY
    )
