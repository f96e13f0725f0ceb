"""What each trade usually asks for, two special pools, and what the demo client keeps to order again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from orders.models import GateProfile, Industry, ProfileLanguage, ProfileSkill
from orders.services import planning
from orders.services.ordering import OrderSpec, ShiftSpec
from orders.services.planning import Rhythm
from staffing.core.actors import actor_of
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from workers.models import Clearance, ServiceType


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile by codes of the catalogue."""

    name: tuple[str, str]
    text: tuple[str, str]
    industry: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    certificates: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    min_stars: str | None = None
    clearance: int = Clearance.NONE
    # What is checked before work from home, one a line, in both languages.
    readiness: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


PROFILES = (
    Profile(
        ("电商常用要求", "Usual for e-commerce"),
        ("在线接待快、熟悉退换货", "Quick in chat, knows returns"),
        Industry.ECOMMERCE,
        skills={"online-chat": 2, "putonghua": 3, "typing": 1},
        readiness=(
            ("店铺后台已登录，子账号状态为在线", "耳机和麦克风已测试", "快捷回复与本周活动已更新", "退换货规则已打开"),
            (
                "Shop console open, sub-account online",
                "Headset and microphone tested",
                "Quick replies and the week's offers up to date",
                "Return rules at hand",
            ),
        ),
    ),
    Profile(
        ("金融常用要求", "Usual for finance"),
        ("通过背景核查，懂客户信息保护", "Background checked, trained in data protection"),
        Industry.FINANCE,
        skills={"phone": 2, "putonghua": 4},
        courses=("data-protection",),
        clearance=Clearance.STANDARD,
        readiness=(
            ("VPN 与坐席系统已登录", "耳机和麦克风已测试", "独立房间，旁人看不到屏幕", "客户信息保护须知已阅读"),
            (
                "VPN and agent desktop signed in",
                "Headset and microphone tested",
                "A room of one's own, nobody sees the screen",
                "Data protection notes read",
            ),
        ),
    ),
    Profile(
        ("电信常用要求", "Usual for telecom"),
        ("电话沟通稳，能排查宽带故障", "Steady on the phone, finds broadband faults"),
        Industry.TELECOM,
        skills={"phone": 2, "network-faults": 1, "putonghua": 3},
        readiness=(
            ("工单系统与测速工具已登录", "耳机和麦克风已测试", "备用网络可用", "故障排查话术已打开"),
            (
                "Ticket system and speed test signed in",
                "Headset and microphone tested",
                "Second connection ready",
                "Fault-finding script open",
            ),
        ),
    ),
    Profile(
        ("酒店旅游常用要求", "Usual for hotels and travel"),
        ("前台接待，着装与礼仪", "Reception, dress and manners"),
        Industry.HOTEL,
        skills={"reception": 2, "putonghua": 3},
        readiness=(
            ("预订系统已登录", "耳机和麦克风已测试", "当日房态与价格已核对"),
            ("Booking system signed in", "Headset and microphone tested", "Today's rooms and prices checked"),
        ),
    ),
    Profile(
        ("信息技术常用要求", "Usual for IT"),
        ("能支持 SaaS 客户", "Supports users of SaaS"),
        Industry.IT,
        skills={"saas-support": 2, "typing": 2, "putonghua": 3},
    ),
    Profile(
        ("双语 + 设备操作", "Bilingual and equipment"),
        ("会外语，也会操作智能 POS 与支付终端", "Speaks English and handles POS and payment terminals"),
        skills={"smart-pos": 2},
        languages={"english": 3},
    ),
    Profile(
        ("高信任陪诊与家教", "Trusted escorts and tutors"),
        ("高信任背调，评价好", "High clearance, well rated"),
        skills={"putonghua": 4, "education": 3},
        min_stars="4.0",
        clearance=Clearance.HIGH,
    ),
)


def build(catalogue: Catalogue) -> None:
    """Write all profiles."""
    for profile in PROFILES:
        _write(profile, catalogue)


def _write(given: Profile, catalogue: Catalogue) -> None:
    row = GateProfile.objects.create(
        name_zh=given.name[0],
        name_en=given.name[1],
        text_zh=given.text[0],
        text_en=given.text[1],
        industry=given.industry,
        min_stars=Decimal(given.min_stars) if given.min_stars else None,
        clearance=given.clearance,
        readiness_zh="\n".join(given.readiness[0]),
        readiness_en="\n".join(given.readiness[1]),
    )
    row.certificates.set([catalogue.certificates[code] for code in given.certificates])
    row.courses.set([catalogue.courses[code] for code in given.courses])
    ProfileSkill.objects.bulk_create(
        ProfileSkill(profile=row, skill=catalogue.skills[code], min_level=level) for code, level in given.skills.items()
    )
    ProfileLanguage.objects.bulk_create(
        ProfileLanguage(profile=row, language=catalogue.languages[code], min_level=level)
        for code, level in given.languages.items()
    )


def build_kept(company: Company, catalogue: Catalogue, now: datetime) -> None:
    """A template of the demo client, and the orders that it writes by itself every Saturday."""
    by, site = actor_of(company.members[0]), company.sites[0]
    day = timezone.localtime(now).replace(hour=10, minute=0, second=0, microsecond=0)
    start = day + timedelta(days=(5 - day.weekday()) % 7)
    spec = OrderSpec(
        title="周末在线客服",
        service_type=ServiceType.PRE_SALE,
        city=site.city,
        site=site,
        shifts=[ShiftSpec(start, start + timedelta(hours=8), 2)],
        skills={catalogue.skills["online-chat"].pk: 2, catalogue.skills["putonghua"].pk: 3},
    )
    template = planning.save_template(company.client, "周末客服两人", spec, by=by, now=now)
    first = planning.monday(timezone.localdate(now)) + timedelta(weeks=2)
    planning.repeat(template, Rhythm([5], first, None, days_ahead=7), by=by, now=now)
