"""Every page of every role, from the resolver, over a scene with the longest names: a new address joins by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from orders.models import Client, Order, Site
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User
from tests.access.scene import Side, build
from tests.access.test_walk import addresses, url_of
from tests.fixtures.agency import NOW, Agency

# What an address needs to show something: its query strings. Without an entry it is opened bare.
QUERIES: dict[str, Sequence[str]] = {
    "desk/week/": ["", "?view=places", "?view=places&name=a", "?who=free"],
    "desk/week/rows/": ["", "?view=places", "?only=1"],
    "desk/week/copy/": ["", "?client={client}", "?client={client}&day=2026-11-23"],
    "desk/week/people/": ["", "?q=a"],
    "desk/positions/<int:pk>/exchange/": ["", "?q=a", "?from=desk"],
    "desk/week/assign/<int:pk>/": ["", "?q=a"],
    "desk/shifts/<int:pk>/": ["", "?q=a", "?page=2"],
    "dashboard/": ["", "?days=90"],
    "dashboard/splits/": ["?days=90&sort=fill"],
    "dashboard/people/": ["?days=90&sort=rating"],
    "dashboard/pictures/": ["?days=90"],
    "dashboard/rounds/": ["?days=90"],
    "dashboard/shifts/": ["?days=90&weekday=5&hour=10"],
    "dashboard/cohort/": ["?month=2026-11&age=0"],
    "dashboard/rows/": ["?kpi=fill&days=90", "?kpi=satisfaction&days=90"],
    "search/": ["?q=a", "?q=%E4%BA%91", "?q=%E4%BA%91&group=orders"],
    "dev/components/": ["?frame=phone"],
}
# Not pages: what a machine reads, and the sample page, which has tests of its own.
SKIPPED = re.compile(r"^(api/|health/|dev/)")
LONG = {
    "person": ("阿卜杜热西提·麦麦提敏·吐尔逊", "Maximiliana Featherstonehaugh-Montgomery"),
    "client": (
        "上海云栖湾国际会展跨境电子商务客户服务有限公司",
        "Yunqiwan International Cross-border E-commerce Services Ltd",
    ),
    "site": (
        "云栖湾国际会展中心东区二号馆北登录厅服务台",
        "Yunqiwan International Expo Centre, East Hall 2",
    ),
    "title": (
        "跨境电商英语在线客服与现场接待联合班组（含夜班，双语）",
        "Cross-border e-commerce service and on-site reception crew, bilingual nights",
    ),
}


@dataclass
class Scene:
    """Two companies with everything; the people whose pages are opened."""

    agency: Agency
    sides: list[Side]
    users: dict[str, User | None]
    desk: Actor
    numbers: "count[int]" = field(default_factory=lambda: count(2))

    def browser(self, role: str) -> Browser:
        """A browser of the role; "nobody" is not logged in."""
        browser = Browser()
        if user := self.users[role]:
            browser.force_login(user)
        return browser

    def session(self, role: str) -> str:
        """The cookie of a login of the role; "" for nobody."""
        return self.browser(role).cookies[settings.SESSION_COOKIE_NAME].value if self.users[role] else ""

    def more(self) -> None:
        """Another company with everything, and one more order of the first company with the first worker's offer."""
        self.sides.append(build(self.agency, self.desk))
        self.agency.submitted(
            self.sides[0].client,
            start=NOW + timedelta(hours=200 + next(self.numbers) * 9),
            title=f"加单 {len(self.sides)}",
        )

    def urls(self, role: str) -> Iterator[tuple[str, str]]:
        """Route and address of everything that could be a page of the role."""
        for route in addresses():
            if not SKIPPED.search(route):
                url = url_of(route, self.sides[0], role)
                for query in QUERIES.get(route, [""]):
                    yield route, url + query.replace("{client}", str(self.sides[0].client.pk))


def scene() -> Scene:
    """Build it: at `NOW`, which the caller has travelled to."""
    agency = Agency()
    desk, manager = agency.dispatcher(), agency.manager()
    acting = actor_of(desk)
    side = build(agency, acting)
    users = {**side.users, Role.DISPATCHER.value: desk, Role.MANAGER.value: manager, "nobody": None}
    return Scene(agency, [side], users, acting)


def lengthen(language: int) -> None:
    """Give everything the longest name that real data has; 0: Chinese, 1: English. Numbers keep names apart."""
    for model, name, kind in ((User, "name", "person"), (Client, "name", "client"), (Site, "name", "site")):
        for row in model._default_manager.all():
            setattr(row, name, f"{LONG[kind][language]} {row.pk}")
            row.save()
    Order.objects.update(title=LONG["title"][language])


def page_urls(found: Scene, role: str) -> list[str]:
    """Addresses that answer the role with a whole page."""
    browser, pages = found.browser(role), []
    for route, url in found.urls(role):
        answer = browser.get(url)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and b"<!doctype" in answer.content[:200].lower():
            pages.append(url)
        assert answer.status_code < 500, route
    assert timezone.now() >= NOW
    return pages
