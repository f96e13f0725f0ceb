"""Twelve invented companies in four trades, with places and logins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from orders.models import Client, ClientMember, Site
from staffing.core.geo import Datum
from staffing.core.models import City, Role, User
from staffing.demo import logins
from staffing.demo.seed.catalogue import Catalogue

# name, trade, value 0–2, confirms by itself, cities of its places
COMPANIES: tuple[tuple[str, str, int, bool, tuple[str, ...]], ...] = (
    ("禾丘优选商贸有限公司", "ecommerce", 2, False, ("shanghai", "beijing")),
    ("拾柒屋家居电商有限公司", "ecommerce", 1, True, ("guangzhou", "shenzhen")),
    ("蓝鹭集市网络零售(上海)有限公司", "ecommerce", 0, False, ("shanghai", "chengdu")),
    ("穗岭普惠金融服务有限公司", "finance", 1, False, ("guangzhou", "wuhan")),
    ("砚池支付科技有限公司", "finance", 2, True, ("shenzhen", "beijing")),
    ("鹿衡财富顾问有限公司", "finance", 0, False, ("shanghai",)),
    ("桐远宽带服务有限公司", "telecom", 1, True, ("beijing", "chengdu")),
    ("霁讯移动营业厅管理有限公司", "telecom", 0, False, ("wuhan", "guangzhou")),
    ("星枢桥通信技术(成都高新区)股份有限公司", "telecom", 0, True, ("chengdu", "shanghai")),
    ("栖岚度假酒店管理有限公司", "hotel", 1, False, ("shanghai", "chengdu")),
    ("澜汀会展中心运营有限公司", "hotel", 2, True, ("guangzhou", "beijing", "shenzhen")),
    ("杳霭旅行服务有限公司", "hotel", 0, False, ("wuhan", "beijing")),
)
PLACES = ("旗舰店", "客服中心", "体验馆", "展厅", "运营基地", "营业厅")
STREETS = ("示范路", "长青街", "望湖大道", "新苗路", "云台街", "科创二路")


@dataclass(slots=True)
class Company:
    """A client with its people and places in memory."""

    client: Client
    members: list[User]
    sites: list[Site]
    blocked: set[int] = field(default_factory=set)
    team: set[int] = field(default_factory=set)


def build(
    catalogue: Catalogue, random: Random, names: Iterator[str], phones: Iterator[str], password: str, now: datetime
) -> list[Company]:
    """Write the companies. The first one is the demo login's."""
    found = []
    for index, (name, trade, value, auto, cities) in enumerate(COMPANIES):
        client = Client.objects.create(
            name=name,
            industry=trade,
            value=value,
            auto_confirm=auto,
            contact_email=f"service{index + 1}@client.example",
            profile=f"{name}，客服团队分早晚两班，提供统一培训与工牌。",
            briefing="请提前 10 分钟到场，着深色上衣，联系现场主管领取工牌。",
            created_at=now - timedelta(days=62 + 2 * index),
        )
        members = [_member(client, index, seat, names, phones, password) for seat in range(2)]
        sites = [_site(client, catalogue.cities[city], number, random) for number, city in enumerate(cities)]
        found.append(Company(client, members, sites))
    return found


def _member(client: Client, index: int, seat: int, names: Iterator[str], phones: Iterator[str], password: str) -> User:
    shown = index == 0 and seat == 0
    user = User.objects.create(
        phone=logins.CLIENT.phone if shown else next(phones),
        name=logins.CLIENT.name if shown else next(names),
        role=Role.CLIENT,
        password=password,
    )
    ClientMember.objects.create(user=user, client=client, may_manage=seat == 0)
    return user


def _site(client: Client, city: City, number: int, random: Random) -> Site:
    place = PLACES[(client.pk + number) % len(PLACES)]
    return Site.objects.create(
        client=client,
        name=f"{city.name_zh}{place}",
        address=f"{city.name_zh}市{random.choice(STREETS)} {random.randint(1, 300)} 号",
        city=city,
        latitude=city.latitude + random.uniform(-0.035, 0.035),
        longitude=city.longitude + random.uniform(-0.035, 0.035),
        given_datum=Datum.WGS84.value,
        fence_m=200,
    )


def load() -> Sequence[Company]:
    """Read the companies, in the order they were written."""
    found = []
    for client in Client.objects.filter(is_active=True).order_by("pk"):
        members = list(User.objects.filter(membership__client=client).order_by("pk"))
        sites = list(client.sites.select_related("city").order_by("pk"))
        if members and sites:
            found.append(Company(client, members, sites))
    return found
