"""What clients ask for: kinds of orders by trade, drawn at random, at the hours at which offices work."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from orders.models import Site
from orders.services.ordering import OrderSpec, ShiftSpec
from staffing.core.models import City, User
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from workers.models import ServiceType
from workers.pay.minutes import SHANGHAI

# Share of a day's orders posted in each local hour.
HOURS = {8: 4, 9: 14, 10: 15, 11: 10, 12: 4, 13: 6, 14: 12, 15: 12, 16: 10, 17: 7, 18: 3, 19: 2, 20: 1}
DAY, EVENING, NIGHT = ((9, 6), (9, 8), (10, 7), (13, 6), (14, 5)), ((17, 5), (18, 4)), ((20, 8), (22, 8))


@dataclass(frozen=True, slots=True)
class Kind:
    """A usual order: what is asked, at which hours (start, length), and how many people at most."""

    title: str
    service_type: str
    remote: bool
    skills: Mapping[str, int]
    hours: Sequence[tuple[int, int]] = DAY
    most: int = 4
    certificates: Sequence[str] = ()
    languages: Mapping[str, int] | None = None
    clearance: int = 0
    min_stars: str = ""
    courses: Sequence[str] = ()


KINDS: Mapping[str, Sequence[Kind]] = {
    "ecommerce": (
        Kind("大促在线客服", ServiceType.PRE_SALE, True, {"online-chat": 2}, most=5),
        Kind("退换货高峰支援", ServiceType.AFTER_SALE, True, {"online-chat": 2, "after-sale": 2}),
        Kind("直播间客服", ServiceType.LIVE_STREAM, False, {"live-stream": 2}, EVENING, 2, courses=("live-rules",)),
        Kind("夜班在线客服", ServiceType.IN_SALE, True, {"online-chat": 2}, NIGHT, 3),
        Kind("会员日门店导购", ServiceType.PROMOTER, False, {"sales-guide": 2}, most=4),
    ),
    "finance": (
        Kind(
            "支付终端上门支持",
            ServiceType.TECHNICAL,
            False,
            {"payment-terminal": 2},
            most=3,
            courses=("product-knowledge",),
        ),
        Kind("电话回访专员", ServiceType.AFTER_SALE, False, {"phone": 2, "putonghua": 4}, most=4),
        Kind("贵宾厅客户服务", ServiceType.VIP, False, {"reception": 2}, most=2, clearance=1),
        Kind("SaaS 收银系统支持", ServiceType.TECHNICAL, True, {"saas-support": 2}, most=3),
    ),
    "telecom": (
        Kind("宽带报障热线", ServiceType.TECHNICAL, False, {"phone": 2, "network-faults": 2}, most=2),
        Kind(
            "投诉处理专席",
            ServiceType.AFTER_SALE,
            True,
            {"complaints": 2},
            most=3,
            min_stars="3.5",
            courses=("complaint-talk",),
        ),
        Kind("营业厅智能 POS 引导", ServiceType.RETAIL, False, {"smart-pos": 2}, most=3, courses=("pos-operation",)),
        Kind("话务高峰支援", ServiceType.IN_SALE, False, {"phone": 2}, (*DAY, *EVENING), 5),
    ),
    "hotel": (
        Kind("前台接待", ServiceType.EXHIBITION, False, {"reception": 2}, most=4, courses=("service-etiquette",)),
        Kind("展会双语接待", ServiceType.BILINGUAL, False, {"reception": 2}, most=2, languages={"english": 2}),
        Kind(
            "餐厅服务支援",
            ServiceType.CATERING,
            False,
            {"food-service": 2},
            (*DAY, *EVENING),
            3,
            ("health",),
            courses=("kitchen-hygiene",),
        ),
        Kind("预订热线客服", ServiceType.PRE_SALE, True, {"phone": 2}, most=3),
    ),
}
NOTES = (
    "",
    "",
    "请携带身份证原件。",
    "着深色上衣，现场提供工牌。",
    "午餐由现场提供。",
    "请提前 10 分钟到岗，现场有主管带岗。",
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One drawn order. Skills, certificates, courses and languages by code."""

    company: Company
    member: User
    kind: Kind
    title: str
    city: City
    site: Site | None
    shifts: tuple[ShiftSpec, ...]
    notes: str
    key: uuid.UUID


def moments(day: date, count: int, random: Random) -> list[datetime]:
    """When on a local day `count` orders are posted, in order."""
    hours = random.choices(list(HOURS), list(HOURS.values()), k=count)
    return sorted(
        datetime.combine(day, time(hour, random.randint(0, 59), random.randint(0, 59)), SHANGHAI) for hour in hours
    )


def draw(
    companies: Sequence[Company], at: datetime, random: Random, *, lead_days: Sequence[int] = (1, 1, 2, 2, 3, 4, 5)
) -> Ask:
    """An order posted at `at` by one of the companies, for a day some days later."""
    company = random.choice(companies)
    kind = random.choice(KINDS[company.client.industry])
    site = random.choice(company.sites)
    first = at.astimezone(SHANGHAI).date() + timedelta(days=random.choice(lead_days))
    shifts = _shifts(kind, first, random)
    return Ask(
        company,
        random.choice(company.members),
        kind,
        f"{kind.title} · {site.city.name_zh}" if not kind.remote else kind.title,
        site.city,
        None if kind.remote else site,
        shifts,
        random.choice(NOTES),
        uuid.UUID(int=random.getrandbits(128), version=4),
    )


def _shifts(kind: Kind, first: date, random: Random) -> tuple[ShiftSpec, ...]:
    hour, length = random.choice(kind.hours)
    headcount = min(kind.most, random.choices((1, 2, 3, 4, 5), (30, 34, 18, 12, 6))[0])
    days = random.choices((1, 2, 3), (76, 18, 6))[0]
    begins = [datetime.combine(first + timedelta(days=n), time(hour), SHANGHAI) for n in range(days)]
    return tuple(ShiftSpec(start, start + timedelta(hours=length), headcount) for start in begins)


def spec_of(ask: Ask, catalogue: Catalogue) -> OrderSpec:
    """The same for the ordering service."""
    kind = ask.kind
    return OrderSpec(
        title=ask.title,
        service_type=kind.service_type,
        city=ask.city,
        shifts=ask.shifts,
        remote=kind.remote,
        site=ask.site,
        skills={catalogue.skills[code].pk: level for code, level in kind.skills.items()},
        certificates=[catalogue.certificates[code].pk for code in kind.certificates],
        courses=[catalogue.courses[code].pk for code in kind.courses],
        languages={catalogue.languages[code].pk: level for code, level in (kind.languages or {}).items()},
        min_stars=Decimal(kind.min_stars) if kind.min_stars else None,
        clearance=kind.clearance,
        notes=ask.notes,
        form_key=ask.key,
    )
