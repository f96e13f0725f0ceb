"""Posting an order over HTTP: one form, without any script, gives one order and loses nothing that was typed."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client as Http
from django.urls import reverse
from django.utils import timezone

from orders.models import Client, Order, Site
from orders.states import OrderStatus
from staffing.core import geo
from tests.fixtures.agency import HERE, NOW, Agency
from workers.models import CertificateType, Course, RateCard

pytestmark = pytest.mark.django_db
NEW = "/client/orders/new/"


class Inputs(HTMLParser):
    """What a browser would send back of a page's order form, except the buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select: str | None = None
        self.area: str | None = None
        self.feed(page[page.index('id="main"') : page.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.sent.setdefault(name, []).append(value)
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.sent.setdefault(self.select, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.sent[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        self.area = None if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data.removeprefix("\n")


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


@pytest.fixture
def http(agency: Agency, company: Client) -> Http:
    http = Http()
    http.force_login(agency.member(company))
    return http


def filled_in(company: Client, **changes: Any) -> dict[str, Any]:
    values = {
        "form_key": str(uuid.uuid4()),
        "title": "双十一在线客服",
        "service_type": "pre_sale",
        "place": "own",
        "site": str(company.sites.earliest("pk").pk),
        "shift-TOTAL_FORMS": "1",
        "shift-INITIAL_FORMS": "1",
        "shift-0-date": "2026-11-25",
        "shift-0-start": "22:00",
        "shift-0-end": "06:00",
        "shift-0-headcount": "3",
    }
    return values | changes


def sent_back(page: bytes) -> dict[str, list[str]]:
    sent = Inputs(page.decode()).sent
    return {name: values for name, values in sent.items() if name not in ("", "csrfmiddlewaretoken")}


def test_from_blank_form_over_preview_to_order(http: Http, company: Client) -> None:
    blank = sent_back(http.get(NEW).content)
    typed = blank | {"title": ["双十一在线客服"], "service_type": ["pre_sale"], "notes": ["带工牌\n提前十分钟"]}
    preview = http.post(NEW, typed | {"action": "preview"})
    # Nine hours by day at 45 yuan.
    assert "¥405.00" in preview.content.decode()
    assert not Order.objects.exists()
    answer = http.post(NEW, sent_back(preview.content) | {"action": "submit"})
    order = Order.objects.get()
    assert answer["Location"] == reverse("orders:client-order", args=[order.pk])
    assert (order.status, order.estimate, order.client) == ("submitted", Decimal(405), company)
    assert order.notes.split() == ["带工牌", "提前十分钟"]
    assert timezone.localtime(order.starts_at).isoformat() == "2026-11-24T09:00:00+08:00"


def test_a_price_that_rose_meanwhile_is_shown_before_anything_is_ordered(http: Http, company: Client) -> None:
    preview = http.post(NEW, filled_in(company) | {"action": "preview"})
    RateCard.objects.update(bill_rate=Decimal(60))
    answer = http.post(NEW, sent_back(preview.content) | {"action": "submit"})
    assert answer.status_code == 409
    assert "价格刚刚有变化" in answer.content.decode()
    assert not Order.objects.exists()
    assert http.post(NEW, sent_back(answer.content) | {"action": "submit"}).status_code == 302
    assert Order.objects.get().bill_rate == 60


def test_who_has_no_place_yet_is_asked_for_one_and_sees_what_is_needed(http: Http, company: Client) -> None:
    assert 'value="own"' in http.get(NEW).content.decode()
    company.sites.all().delete()
    page = http.get(NEW).content.decode()
    assert 'value="own"' not in page
    assert re.search(r'for="id_site_name">[^<]*<span class="required-mark"', page)


def test_preview_sends_everything_back(agency: Agency, http: Http, company: Client) -> None:
    kinds = [CertificateType.objects.create(code=code, name_zh=code, name_en=code) for code in ("a", "b")]
    courses = [Course.objects.create(code=code, name_zh=code, name_en=code) for code in ("pos", "etiquette")]
    typed = filled_in(
        company,
        certificates=[str(kind.pk) for kind in kinds],
        courses=[str(course.pk) for course in courses],
        min_stars="4.5",
        clearance="1",
        notes="“引号” & <符号>",
        **{f"skill_{agency.skill.pk}": "3", "shift-TOTAL_FORMS": "2"},
        **{"shift-1-date": "2026-11-26", "shift-1-start": "09:00", "shift-1-end": "18:00", "shift-1-headcount": "1"},
    )
    back = sent_back(http.post(NEW, typed | {"action": "preview"}).content)
    for name, value in typed.items():
        if name != "shift-INITIAL_FORMS":
            assert back[name] == (value if isinstance(value, list) else [value]), name
    edited = sent_back(http.post(NEW, back | {"action": "edit"}).content)
    assert {name: edited[name] for name in typed} == {name: back[name] for name in typed} | {
        "shift-INITIAL_FORMS": ["2"]
    }


def test_bad_input_keeps_what_was_typed_and_says_what_is_wrong(http: Http, company: Client) -> None:
    typed = filled_in(company, service_type="", notes="还在这里", **{"shift-0-date": "2020-01-01"})
    answer = http.post(NEW, typed | {"action": "submit"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "id_service_type_error" in page
    assert sent_back(answer.content)["notes"] == ["还在这里"]
    again = http.post(NEW, typed | {"service_type": "pre_sale", "action": "submit"})
    assert "班次开始时间已过。" in again.content.decode()
    assert "id_shift-0-date_error" in again.content.decode()
    assert not Order.objects.exists()


def test_the_same_form_sent_twice_is_one_order(http: Http, company: Client) -> None:
    typed = filled_in(company) | {"action": "submit"}
    first, second = http.post(NEW, typed), http.post(NEW, typed | {"shift-0-headcount": "9"})
    assert first["Location"] == second["Location"]
    assert Order.objects.get().shifts.get().headcount == 3
    assert "已经提交过" in "".join(str(each) for each in get_messages(second.wsgi_request))


def test_a_draft_sent_again_with_submit_is_submitted(http: Http, company: Client) -> None:
    typed = filled_in(company)
    http.post(NEW, typed | {"action": "draft"})
    assert Order.objects.get().status == OrderStatus.DRAFT
    http.post(NEW, typed | {"action": "submit"})
    assert Order.objects.get().status == OrderStatus.SUBMITTED


def test_a_new_site_is_written_once_with_the_order(agency: Agency, http: Http, company: Client) -> None:
    place = {
        "place": "new",
        "site": "",
        "city": str(agency.city.pk),
        "site_name": "新店",
        "site_address": "示范路 8 号",
    }
    there = {"latitude": str(HERE[0]), "longitude": str(HERE[1]), "datum": "gcj02"}
    typed = filled_in(company, **place, **there) | {"action": "submit"}
    assert http.post(NEW, typed).status_code == http.post(NEW, typed).status_code == 302
    site = Site.objects.get(name="新店")
    assert Order.objects.get().site == site
    point = geo.Point(site.latitude, site.longitude)
    assert geo.distance_m(geo.to_gcj02(point), geo.Point(*HERE)) < 1
    taken = http.post(NEW, filled_in(company, **place) | {"action": "submit"})
    assert taken.status_code == 422
    assert "id_site_name_error" in taken.content.decode()


def test_a_refused_order_leaves_no_site(agency: Agency, http: Http, company: Client) -> None:
    place = {"place": "new", "city": str(agency.city.pk), "site_name": "新店", "site_address": "示范路 8 号"}
    stolen = agency.draft().form_key
    answer = http.post(NEW, filled_in(company, form_key=str(stolen), **place) | {"action": "submit"})
    assert answer.status_code == 422
    assert "表单已失效" in answer.content.decode()
    assert not Site.objects.filter(name="新店").exists()


def test_remote_work_needs_a_city_only(agency: Agency, http: Http, company: Client) -> None:
    http.post(NEW, filled_in(company, place="remote", city=str(agency.city.pk)) | {"action": "submit"})
    order = Order.objects.get()
    assert (order.remote, order.site, order.city) == (True, None, agency.city)


def test_rows_are_added_and_removed_without_a_script(http: Http, company: Client) -> None:
    more = sent_back(http.post(NEW, filled_in(company) | {"action": "add"}).content)
    assert (more["shift-TOTAL_FORMS"], more["shift-1-date"]) == (["2"], ["2026-11-26"])
    less = sent_back(http.post(NEW, more | {"action": "remove-0"}).content)
    assert (less["shift-TOTAL_FORMS"], less["shift-0-date"]) == (["1"], ["2026-11-26"])
    assert less["form_key"] == more["form_key"]


def test_cost_is_told_line_by_line_or_why_not(http: Http, company: Client) -> None:
    cost = http.post("/client/orders/new/cost/", filled_in(company)).content.decode()
    # 22:00–06:00 is all night: 3 people × 8 h × 45 yuan × 110 %.
    assert ("夜间（+10%）" in cost, "¥1,188.00" in cost) == (True, True)
    assert "¥" not in http.post("/client/orders/new/cost/", {}).content.decode()


def test_edited_draft_takes_the_place_of_the_old_one(agency: Agency, http: Http, company: Client) -> None:
    old = agency.draft(company, headcount=2)
    form = sent_back(http.get(reverse("orders:client-order-edit", args=[old.pk])).content)
    assert (form["draft"], form["shift-0-headcount"], form["shift-0-date"]) == ([str(old.pk)], ["2"], ["2026-11-24"])
    answer = http.post(NEW, form | {"shift-0-headcount": ["5"], "action": "draft"})
    new = Order.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == reverse("orders:client-order", args=[new.pk])
    old.refresh_from_db()
    assert (old.status, new.status, new.shifts.get().headcount) == (OrderStatus.CANCELLED, OrderStatus.DRAFT, 5)
    stale = http.post(NEW, form | {"form_key": [str(uuid.uuid4())], "action": "draft"})
    assert stale.status_code == 422


def test_somebody_elses_draft_cannot_be_replaced(agency: Agency, http: Http, company: Client) -> None:
    theirs = agency.draft()
    answer = http.post(NEW, filled_in(company, draft=str(theirs.pk)) | {"action": "submit"})
    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.status == OrderStatus.DRAFT
    missing = http.post(NEW, filled_in(company, draft="999999") | {"action": "submit"})
    assert missing.status_code == 422


def test_book_again_brings_everything_to_the_next_free_week(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company, headcount=4, start=NOW - timedelta(days=3), now=NOW - timedelta(days=5))
    agency.submitted(company, start=NOW + timedelta(days=4))
    url = reverse("orders:client-order-again", args=[order.pk])
    form = sent_back(http.get(url).content)
    # Friday the 20th was served, Friday the 27th is ordered already.
    assert (form["shift-0-date"], form["shift-0-headcount"]) == (["2026-12-04"], ["4"])
    assert (form["title"], form["draft"]) == ([order.title], [""])
    assert form[f"skill_{agency.skill.pk}"] == ["2"]
    assert form["form_key"] != [str(order.form_key)]
