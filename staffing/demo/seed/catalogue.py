"""Cities, skills, certificates, courses, languages, the rate card and the numbers of the agency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from feedback.models import LoopPolicy
from orders.models import MatchWeights, OrderPolicy
from staffing.core.models import City, WebhookRobot
from workers import scales
from workers.models import CertificateType, Course, Language, Level, PoolPolicy, RateCard, ServiceType, Skill

# code, 中文, English, tier, latitude, longitude (WGS-84), share of the pool
CITIES = (
    ("beijing", "北京", "Beijing", 1, 39.9042, 116.4074, 0.21),
    ("shanghai", "上海", "Shanghai", 1, 31.2304, 121.4737, 0.24),
    ("guangzhou", "广州", "Guangzhou", 1, 23.1291, 113.2644, 0.16),
    ("shenzhen", "深圳", "Shenzhen", 1, 22.5431, 114.0579, 0.16),
    ("chengdu", "成都", "Chengdu", 2, 30.5728, 104.0668, 0.12),
    ("wuhan", "武汉", "Wuhan", 2, 30.5928, 114.3055, 0.11),
)
SKILLS = (
    ("online-chat", "在线客服", "Online chat"),
    ("phone", "电话客服", "Phone service"),
    ("complaints", "投诉处理", "Complaint handling"),
    ("crm", "CRM 操作", "CRM operation"),
    ("office", "Office 办公软件", "Office software"),
    ("education", "学历", "Education"),
    ("putonghua", "普通话", "Mandarin"),
    ("typing", "打字", "Typing"),
    ("smart-pos", "智能 POS", "Smart POS"),
    ("payment-terminal", "支付终端", "Payment terminals"),
    ("saas-support", "SaaS 支持", "SaaS support"),
    ("live-stream", "直播客服", "Live-stream service"),
    ("english-service", "英语客服", "Service in English"),
    ("reception", "前台接待", "Reception"),
    ("sales-guide", "导购促销", "Sales guidance"),
    ("after-sale", "退换货处理", "Returns and exchanges"),
    ("network-faults", "宽带故障排查", "Broadband faults"),
    ("short-video", "短视频运营", "Short video"),
    ("food-service", "餐饮服务", "Food service"),
)
# what is no ability of service
KINDS = {
    "crm": Skill.Kind.SOFTWARE,
    "office": Skill.Kind.SOFTWARE,
    "saas-support": Skill.Kind.SOFTWARE,
    "smart-pos": Skill.Kind.PRODUCT,
    "payment-terminal": Skill.Kind.PRODUCT,
    "network-faults": Skill.Kind.PRODUCT,
    "education": Skill.Kind.EDUCATION,
    "putonghua": Skill.Kind.MANDARIN,
    "typing": Skill.Kind.TYPING,
}
CERTIFICATES = (
    ("health", "健康证", "Health certificate"),
    ("securities", "证券从业资格", "Securities practice"),
    ("first-aid", "急救员证", "First aider"),
    ("food-safety", "食品安全管理员", "Food safety officer"),
)
COURSES = (
    ("product-knowledge", "产品知识", "Product knowledge"),
    ("pos-operation", "智能POS操作", "Smart POS operation"),
    ("emergency-response", "应急处理", "Emergency response"),
    ("service-etiquette", "服务礼仪", "Service etiquette"),
    ("complaint-talk", "投诉沟通", "Talking through complaints"),
    ("data-protection", "客户信息保护", "Protecting customers' data"),
    ("kitchen-hygiene", "餐饮卫生", "Kitchen hygiene"),
    ("live-rules", "直播合规", "Rules of live streams"),
)
LANGUAGES = (
    ("cantonese", "粤语", "Cantonese"),
    ("english", "英语", "English"),
    ("japanese", "日语", "Japanese"),
    ("sichuanese", "四川话", "Sichuanese"),
)
# CNY/h by level: tier 1 cities 25–35, all others 18–28.
PAY = {
    1: {"junior": "25", "senior": "28", "supervisor": "30", "manager": "33", "director": "35"},
    2: {"junior": "18", "senior": "20.5", "supervisor": "23", "manager": "25.5", "director": "28"},
}
# What the client pays for an hour, over the pay of the level, by kind of work.
MARKUP = {
    ServiceType.TECHNICAL: "1.85",
    ServiceType.VIP: "1.90",
    ServiceType.BILINGUAL: "1.95",
    ServiceType.LIVE_STREAM: "1.80",
    ServiceType.MEDICAL_ESCORT: "1.75",
}
USUAL_MARKUP = "1.65"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rows by code."""

    cities: Mapping[str, City]
    skills: Mapping[str, Skill]
    certificates: Mapping[str, CertificateType]
    courses: Mapping[str, Course]
    languages: Mapping[str, Language]


def build(now: datetime) -> Catalogue:
    """Write the catalogue, the rate card and the numbers in force."""
    cities = [
        City(code=code, name_zh=zh, name_en=en, tier=tier, latitude=lat, longitude=lng)
        for code, zh, en, tier, lat, lng, _share in CITIES
    ]
    City.objects.bulk_create(cities)
    Skill.objects.bulk_create(_skill(code, zh, en) for code, zh, en in SKILLS)
    CertificateType.objects.bulk_create(
        CertificateType(code=code, name_zh=zh, name_en=en) for code, zh, en in CERTIFICATES
    )
    Course.objects.bulk_create(Course(code=code, name_zh=zh, name_en=en) for code, zh, en in COURSES)
    Language.objects.bulk_create(Language(code=code, name_zh=zh, name_en=en) for code, zh, en in LANGUAGES)
    RateCard.objects.bulk_create(rate_card())
    _numbers(now)
    return load()


def _skill(code: str, zh: str, en: str) -> Skill:
    kind = KINDS.get(code, Skill.Kind.ABILITY)
    return Skill(code=code, name_zh=zh, name_en=en, kind=kind, grades=list(scales.USUAL.get(kind, ())))


def load() -> Catalogue:
    """Read the catalogue."""
    return Catalogue(
        {row.code: row for row in City.objects.all()},
        {row.code: row for row in Skill.objects.all()},
        {row.code: row for row in CertificateType.objects.all()},
        {row.code: row for row in Course.objects.all()},
        {row.code: row for row in Language.objects.all()},
    )


def rate_card() -> list[RateCard]:
    """Every tier × level × kind of work."""
    return [
        RateCard(
            tier=tier, level=level, service_type=kind, pay_rate=_pay(tier, level), bill_rate=_bill(tier, level, kind)
        )
        for tier in (1, 2, 3)
        for level in Level.values
        for kind in ServiceType.values
    ]


def _pay(tier: int, level: str) -> Decimal:
    return Decimal(PAY[min(tier, 2)][level])


def _bill(tier: int, level: str, kind: str) -> Decimal:
    """Rounded up to half a yuan, as a rate card is printed."""
    exact = _pay(tier, level) * Decimal(MARKUP.get(ServiceType(kind), USUAL_MARKUP))
    return Decimal(-(-exact * 2 // 1)) / 2


def _numbers(now: datetime) -> None:
    for policy in (OrderPolicy, PoolPolicy):
        policy().save()
    # So that the answers of some weeks are enough to show, the same contact may be asked every day.
    LoopPolicy(survey_gap_days=1).save()
    MatchWeights.objects.create(version="2026-1", values={}, created_at=now)
    WebhookRobot.objects.create(name="调度群机器人", kind=WebhookRobot.Kind.CONSOLE)
