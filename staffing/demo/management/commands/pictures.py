"""`make pictures`: photographs every page of the running demo into `docs/pictures/`, wide, narrow, light and dark."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone

from feedback.models import ReviewCase, Survey
from feedback.services.surveys import token_of
from feedback.states import CaseStatus
from orders.models import Assignment, ClientMember, Offer, Order, Position, Site
from orders.states import AssignmentStatus, OrderStatus, PositionStatus, TimesheetStatus
from staffing.demo.logins import CLIENT, DISPATCHER, MANAGER, PASSWORD, WORKER, Login
from workers.models import Application, Course, Partner
from workers.states import ApplicationStatus

DESK, TABLET, PHONE = (1440, 900), (768, 1024), (390, 844)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at what, how wide, in which light and language."""

    name: str
    who: Login | None
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False
    language: str = "zh-hans"


def shots() -> Iterator[Shot]:
    """Every page with something on it; pages about one thing choose a telling one from the demo."""
    yield Shot("login", None, reverse("login"))
    yield from _client()
    yield from _dispatcher()
    yield from _worker()
    yield from _loop()
    yield from _joining()
    yield from _growing()
    yield Shot("api-docs", None, "/api/docs/")


def _client() -> Iterator[Shot]:
    own = Order.objects.filter(client__in=ClientMember.objects.filter(user__phone=CLIENT.phone).values("client"))
    yield Shot("client-home", CLIENT, reverse("orders:client-home"))
    yield Shot("client-home-en-dark", CLIENT, reverse("orders:client-home"), dark=True, language="en")
    yield Shot("client-home-phone", CLIENT, reverse("orders:client-home"), PHONE)
    yield Shot("client-orders", CLIENT, reverse("orders:client-orders"))
    yield Shot("client-new", CLIENT, reverse("orders:client-new"))
    yield Shot("client-new-phone", CLIENT, reverse("orders:client-new"), PHONE)
    yield Shot("client-new-en", CLIENT, reverse("orders:client-new"), language="en")
    for status in (OrderStatus.IN_SERVICE, OrderStatus.FILLED, OrderStatus.COMPLETED):
        if order := own.filter(status=status).first():
            path = reverse("orders:client-order", args=[order.pk])
            yield Shot("client-order", CLIENT, path)
            yield Shot("client-order-phone-en", CLIENT, path, PHONE, language="en")
            yield Shot("client-order-phone", CLIENT, path, PHONE)
            break
    waiting = {"shifts__positions__assignments__timesheet__status": TimesheetStatus.SUBMITTED}
    if order := own.filter(**waiting).first():
        yield Shot("client-hours", CLIENT, reverse("orders:client-order", args=[order.pk]))
    yield from _company(own)
    yield Shot("client-cases", CLIENT, reverse("feedback:client-cases"))
    if case := ReviewCase.objects.filter(order__in=own).order_by("-opened_at").first():
        yield Shot("client-case-phone", CLIENT, reverse("feedback:client-case", args=[case.pk]), PHONE)
    # The search that finds nothing: the empty state of a list.
    yield Shot("client-orders-empty", CLIENT, f"{reverse('orders:client-orders')}?q=zzzz", dark=True)


def _company(own: QuerySet[Order]) -> Iterator[Shot]:
    """What a client keeps and whom it knows; an order on its way to being changed or called off."""
    for name in ("templates", "recurring", "people", "company", "members"):
        yield Shot(f"client-{name}", CLIENT, reverse(f"orders:client-{name}"))
    yield Shot("client-people-phone-en", CLIENT, reverse("orders:client-people"), PHONE, language="en")
    served = Assignment.objects.filter(position__shift__order__in=own, status=AssignmentStatus.COMPLETED)
    if work := served.order_by("-pk").first():
        yield Shot("client-person", CLIENT, reverse("orders:client-person", args=[work.worker_id]))
    if order := own.filter(status__in=(OrderStatus.FILLED, OrderStatus.OFFERING)).order_by("starts_at").last():
        for deed in ("amend", "cancel"):
            path = reverse(f"orders:client-order-{deed}", args=[order.pk])
            yield Shot(f"client-{deed}", CLIENT, path)
            yield Shot(f"client-{deed}-phone-en", CLIENT, path, PHONE, language="en")


def _dispatcher() -> Iterator[Shot]:
    waiting = Position.objects.filter(status=PositionStatus.PROPOSED).select_related("shift").first()
    yield Shot("desk", DISPATCHER, reverse("orders:desk"))
    yield Shot("desk-dark", DISPATCHER, reverse("orders:desk"), dark=True)
    yield Shot("desk-en", DISPATCHER, reverse("orders:desk"), language="en")
    yield Shot("desk-tablet", DISPATCHER, reverse("orders:desk"), TABLET)
    yield Shot("desk-phone", DISPATCHER, reverse("orders:desk"), PHONE)
    yield Shot("desk-empty", DISPATCHER, f"{reverse('orders:desk')}?text=zzzz")
    if waiting is not None:
        yield Shot("desk-order", DISPATCHER, reverse("orders:desk-order", args=[waiting.shift.order_id]))
        yield Shot("desk-exchange", DISPATCHER, reverse("orders:desk-exchange", args=[waiting.pk]))
        yield Shot("desk-compare", DISPATCHER, reverse("orders:desk-compare", args=[waiting.pk]))
        yield Shot("desk-reasons", DISPATCHER, reverse("orders:desk-shift", args=[waiting.shift_id]))
    if order := Order.objects.annotate(length=Length("title")).order_by("-length", "-pk").first():
        yield Shot("desk-order-longest-phone", DISPATCHER, reverse("orders:desk-order", args=[order.pk]), PHONE)
    yield Shot("desk-today", DISPATCHER, reverse("orders:desk-today"))
    yield Shot("desk-today-phone-en", DISPATCHER, reverse("orders:desk-today"), PHONE, language="en")
    yield from _week()
    yield Shot("desk-views", DISPATCHER, reverse("orders:desk-views"))
    yield from _turning_up()
    yield Shot("search", DISPATCHER, f"{reverse('search')}?q=lx")
    yield Shot("search-phone-en-dark", DISPATCHER, f"{reverse('search')}?q=lx", PHONE, dark=True, language="en")
    yield Shot("desk-outbox", DISPATCHER, reverse("orders:desk-outbox"))
    yield Shot("people", DISPATCHER, reverse("workers:list"))
    yield Shot("people-tablet-en", DISPATCHER, reverse("workers:list"), TABLET, language="en")
    if work := Assignment.objects.order_by("-pk").first():
        yield Shot("person", DISPATCHER, reverse("workers:person", args=[work.worker_id]))
    yield Shot("inbox", DISPATCHER, reverse("inbox"))


def _week() -> Iterator[Shot]:
    """The week of the last place that waits for a word: drafts beside what is published."""
    waiting = Position.objects.filter(status=PositionStatus.PROPOSED).select_related("shift__order")
    found = waiting.order_by("shift__start_at").last()
    day = timezone.localdate(found.shift.start_at if found else None)
    board = f"{reverse('orders:desk-week')}?day={day}"
    busy = f"{board}&who=work"
    yield Shot("week", DISPATCHER, busy)
    yield Shot("week-dark-en", DISPATCHER, busy, dark=True, language="en")
    yield Shot("week-tablet", DISPATCHER, busy, TABLET)
    yield Shot("week-phone", DISPATCHER, busy, PHONE)
    yield Shot("week-positions", DISPATCHER, f"{board}&view=places")
    if found:
        copied = f"{reverse('orders:desk-week-copy')}?day={day}&client={found.shift.order.client_id}"
        yield Shot("week-copy", DISPATCHER, copied)


def _turning_up() -> Iterator[Shot]:
    """Who stands by, what waits for a word, and a place's code."""
    for name in ("bench", "proofs", "swaps", "appeals"):
        yield Shot(f"desk-{name}", DISPATCHER, reverse(f"orders:desk-{name}"))
    yield Shot("desk-bench-phone-en-dark", DISPATCHER, reverse("orders:desk-bench"), PHONE, dark=True, language="en")
    if site := Site.objects.order_by("pk").first():
        yield Shot("site-code", DISPATCHER, reverse("orders:site-code", args=[site.pk]))


def _worker() -> Iterator[Shot]:
    for name in ("today", "offers", "schedule"):
        yield Shot(f"worker-{name}", WORKER, reverse(f"orders:my-{name}"), PHONE)
    yield Shot("worker-today-en-dark", WORKER, reverse("orders:my-today"), PHONE, dark=True, language="en")
    if offer := Offer.objects.filter(worker__user__phone=WORKER.phone, status="pending").first():
        yield Shot("worker-offer", WORKER, reverse("orders:my-offer", args=[offer.pk]), PHONE)
    booked = Assignment.objects.filter(worker__user__phone=WORKER.phone, status=AssignmentStatus.BOOKED)
    if work := booked.first():
        yield Shot("worker-shift", WORKER, reverse("orders:my-shift", args=[work.pk]), PHONE)
        yield Shot("worker-swap", WORKER, reverse("orders:my-swap", args=[work.pk]), PHONE)
    for name in ("open", "month", "figures", "limits", "bench", "calendar"):
        yield Shot(f"worker-{name}", WORKER, reverse(f"orders:my-{name}"), PHONE)
    for name in ("me", "me-windows", "me-exceptions", "me-preferences", "me-privacy"):
        yield Shot(f"worker-{name}", WORKER, reverse(f"workers:{name}"), PHONE)
    yield Shot("worker-me-windows-en-dark", WORKER, reverse("workers:me-windows"), PHONE, dark=True, language="en")
    yield Shot("worker-inbox", WORKER, reverse("inbox"), PHONE)


def _loop() -> Iterator[Shot]:
    if survey := Survey.objects.filter(answered_at__isnull=True).order_by("-sent_at").first():
        yield Shot("survey", None, reverse("feedback:survey", args=[token_of(survey)]), PHONE)
    yield Shot("cases", DISPATCHER, reverse("feedback:cases"))
    working = ReviewCase.objects.filter(status__in=(CaseStatus.FIXING, CaseStatus.INVESTIGATING, CaseStatus.OPEN))
    if case := working.order_by("due_at").first():
        yield Shot("case", DISPATCHER, reverse("feedback:case", args=[case.pk]))
    yield Shot("dashboard", MANAGER, reverse("feedback:dashboard"))
    yield Shot("dashboard-en-dark", MANAGER, reverse("feedback:dashboard"), dark=True, language="en")
    yield Shot("dashboard-rows", MANAGER, f"{reverse('feedback:dashboard-rows')}?kpi=no_show&miss=1")
    yield Shot("dashboard-phone", MANAGER, reverse("feedback:dashboard"), PHONE)


def _joining() -> Iterator[Shot]:
    """From the form on a phone to somebody who is sent, and where people come from."""
    yield Shot("apply-phone", None, reverse("workers:apply"), PHONE)
    yield Shot("apply-phone-en-dark", None, reverse("workers:apply"), PHONE, dark=True, language="en")
    yield Shot("applications", DISPATCHER, reverse("workers:applications"))
    yield Shot("applications-phone-en", DISPATCHER, reverse("workers:applications"), PHONE, language="en")
    talked = Application.objects.filter(status=ApplicationStatus.INTERVIEW).order_by("pk").first()
    if talked:
        yield Shot("application", DISPATCHER, reverse("workers:application", args=[talked.pk]))
        yield Shot("application-scores", DISPATCHER, reverse("workers:application-scores", args=[talked.pk]))
    twin = Application.objects.filter(duplicate=Application.Duplicate.POSSIBLE).order_by("pk").first()
    if twin:
        yield Shot("application-compare", DISPATCHER, reverse("workers:application-compare", args=[twin.pk]))
    for name in ("papers", "checks"):
        yield Shot(name, DISPATCHER, reverse(f"workers:{name}"))
    for name in ("sources", "imports"):
        yield Shot(name, MANAGER, reverse(f"workers:{name}"))
    if partner := Partner.objects.order_by("pk").first():
        yield Shot("source", MANAGER, reverse("workers:source", args=[partner.pk]))


def _growing() -> Iterator[Shot]:
    """Training, stars, watch and career, for the desk and on the phone."""
    yield Shot("training", MANAGER, reverse("workers:training"))
    yield Shot("training-demand", DISPATCHER, reverse("orders:desk-training"))
    if course := Course.objects.filter(lessons__isnull=False).order_by("pk").first():
        yield Shot("training-course", MANAGER, reverse("workers:training-course", args=[course.pk]))
        yield Shot("my-course", WORKER, reverse("workers:my-course", args=[course.pk]), PHONE)
    for name in ("watch", "proposals", "standing-appeals"):
        yield Shot(name, MANAGER, reverse(f"workers:{name}"))
    yield Shot("proposals-en-dark", MANAGER, reverse("workers:proposals"), dark=True, language="en")
    for name in ("my-papers", "my-secrets", "my-training", "my-typing", "me-standing", "me-career"):
        yield Shot(name, WORKER, reverse(f"workers:{name}"), PHONE)
    yield Shot("my-stars-en-dark", WORKER, reverse("feedback:my-stars"), PHONE, dark=True, language="en")


class Command(BaseCommand):
    """Take the pictures."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the demo is, and which pictures."""
        parser.add_argument("--address", default="", help="default: the demo that runs here")
        parser.add_argument("--to", type=Path, default=Path(settings.BASE_DIR) / "docs" / "pictures")
        parser.add_argument("names", nargs="*", help="only these")

    def handle(self, *args: Any, **options: Any) -> None:
        """One browser, one login per person, language and light."""
        wanted = [shot for shot in shots() if not options["names"] or shot.name in options["names"]]
        options["to"].mkdir(parents=True, exist_ok=True)
        with chromium() as browser:
            for shot in wanted:
                take(browser, options["address"] or settings.PUBLIC_URL, shot, options["to"])
                self.stdout.write(shot.name)


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium. Raises `CommandError` where there is none or Playwright is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CommandError("Playwright is not installed: it comes with the development packages.") from error
    path = which("chromium") or which("google-chrome")
    if path is None:
        raise CommandError("No Chromium found: install the system's package `chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


def take(browser: Any, address: str, shot: Shot, folder: Path) -> None:
    """Photograph one page from top to bottom."""
    width, height = shot.size
    scheme = "dark" if shot.dark else "light"
    locale = "en-GB" if shot.language == "en" else "zh-CN"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale, timezone_id="Asia/Shanghai"
    )
    context.add_cookies([{"name": "language", "value": shot.language, "url": address}])
    page = context.new_page()
    if shot.who is not None:
        _log_in(page, address, shot.who)
    page.goto(address + shot.path, wait_until="networkidle")
    page.screenshot(path=folder / f"{shot.name}.png", full_page=True)
    context.close()


def _log_in(page: Any, address: str, who: Login) -> None:
    page.goto(f"{address}{reverse('login')}")
    page.fill("input[name=username]", who.phone)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_load_state()
