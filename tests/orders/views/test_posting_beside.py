"""What the order form tells and keeps beside itself: people in reach, half-filled forms, the trade's requirements."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders import snapshot
from orders.models import (
    Client,
    ClientMember,
    FormDraft,
    GateProfile,
    Industry,
    Order,
    OrderTemplate,
    ProfileLanguage,
    ProfileSkill,
    TeamMember,
)
from orders.services import drafts
from orders.services.drafts import Typed
from staffing.core.models import Role
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.test_client_posting import filled_in, sent_back

pytestmark = pytest.mark.django_db
NEW = "/client/orders/new/"
POSTS = ("client-cost", "client-reach", "client-shifts", "client-draft", "client-draft-discard")
MOST_QUERIES = 12
MOST_BYTES = 15_000


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


def at(name: str, *args: int) -> str:
    return reverse(f"orders:{name}", args=args)


def profile(agency: Agency, industry: str, **fields: Any) -> GateProfile:
    names = {"name_zh": f"常用{industry}", "name_en": "Usual"}
    row = GateProfile.objects.create(industry=industry, **(names | fields))
    ProfileSkill.objects.create(profile=row, skill=agency.skill, min_level=3)
    ProfileLanguage.objects.create(profile=row, language=agency.language, min_level=4)
    return row


def test_the_trades_requirements_are_filled_in_visibly_on_a_new_form_only(
    agency: Agency, http: Http, company: Client
) -> None:
    profile(agency, Industry.ECOMMERCE, clearance=1, min_stars=Decimal("4.0"))
    page = http.get(NEW)
    blank = sent_back(page.content)
    assert "按电商行业常用要求预填，可修改" in page.content.decode()
    assert blank[f"skill_{agency.skill.pk}"] == ["3"]
    assert blank[f"language_{agency.language.pk}"] == ["4"]
    assert (blank["clearance"], blank["min_stars"]) == (["1"], ["4.0"])
    order = agency.draft(company)
    again = http.get(at("client-order-again", order.pk))
    assert "行业常用要求" not in again.content.decode()
    assert sent_back(again.content)[f"skill_{agency.skill.pk}"] == ["2"]


def test_a_blank_title_becomes_the_kind_of_work(http: Http, company: Client) -> None:
    http.post(NEW, filled_in(company, title="", service_type="after_sale") | {"action": "submit"})
    assert Order.objects.get().title == "售后客服"


def test_reach_names_what_keeps_people_away(agency: Agency, http: Http, company: Client) -> None:
    for level in (3, 3, 1):
        agency.worker(skills={agency.skill: level})
    page = http.post(at("client-reach"), filled_in(company, **{f"skill_{agency.skill.pk}": "2"})).content.decode()
    assert "挡住 3 人中的 1 人" in page
    assert "其中 1 人只差这一项" in page
    assert f'data-set-field="skill_{agency.skill.pk}"' in page
    assert "不够" in page


def test_reach_waits_for_place_and_time_and_survives_nonsense(http: Http, company: Client) -> None:
    for data in ({}, filled_in(company, site=""), filled_in(company, place="moon"), {"shift-TOTAL_FORMS": "x"}):
        answer = http.post(at("client-reach"), data)
        assert (answer.status_code, "选好地点和班次后" in answer.content.decode()) == (200, True)


def test_without_the_columns_the_form_goes_on(http: Http, company: Client, monkeypatch) -> None:
    monkeypatch.setattr(snapshot, "available", lambda _now: None)
    assert "不影响下单" in http.post(at("client-reach"), filled_in(company)).content.decode()


def test_a_pools_requirements_count_and_are_not_offered_for_loosening(
    agency: Agency, http: Http, company: Client
) -> None:
    pool = profile(agency, "")
    agency.worker(skills={agency.skill: 1})
    data = filled_in(company, package="special_pool", special_pool=str(pool.pk))
    page = http.post(at("client-reach"), data).content.decode()
    assert "挡住 1 人中的 1 人" in page
    assert ("data-set-field" in page, "不要求技能" in page) == (False, False)
    confirm = http.post(NEW, data | {"action": "preview"}).content.decode()
    assert "特选人才池 · 常用" in confirm
    assert "在线客服 3 级及以上" in confirm


def test_packages_that_cannot_be_are_refused_at_their_field(agency: Agency, http: Http, company: Client) -> None:
    refused = http.post(NEW, filled_in(company, package="fixed_team") | {"action": "submit"})
    assert (refused.status_code, "加入固定团队" in refused.content.decode()) == (422, True)
    usual = profile(agency, Industry.IT)
    for pool in ("", str(usual.pk), "x"):
        data = filled_in(company, package="special_pool", special_pool=pool)
        assert http.post(NEW, data | {"action": "submit"}).status_code == 422
    TeamMember.objects.create(client=company, worker=agency.worker(), created_at=NOW)
    assert sent_back(http.get(NEW).content)["package"] == ["fixed_team"]
    http.post(NEW, filled_in(company, package="fixed_team") | {"action": "submit"})
    assert Order.objects.get().package == "fixed_team"


def test_the_form_is_kept_as_typed_and_taken_up_again(http: Http, company: Client) -> None:
    typed = filled_in(company, title="", notes="一半", **{"shift-0-end": "六点"})
    answer = http.post(at("client-draft"), typed | {"action": "preview"})
    assert "已自动保存 09:00" in answer.content.decode()
    row = FormDraft.objects.get()
    assert (row.title, "action" in QueryDict(row.data)) == ("售前客服", False)
    offer = http.get(NEW).content.decode()
    assert f"?draft={row.form_key}" in offer
    page = http.get(f"{NEW}?draft={row.form_key}")
    back = sent_back(page.content)
    assert (back["notes"], back["shift-0-end"], back["form_key"]) == (["一半"], ["六点"], [typed["form_key"]])
    assert "没填完的表单" not in page.content.decode()
    http.post(at("client-draft-discard"), {"form_key": typed["form_key"]})
    assert not FormDraft.objects.exists()
    assert http.post(at("client-draft-discard"), {"form_key": "x"}).status_code == 302


def test_nothing_is_kept_of_a_form_that_was_sent_or_has_no_key(http: Http, company: Client) -> None:
    typed = filled_in(company)
    http.post(at("client-draft"), typed)
    http.post(NEW, typed | {"action": "submit"})
    assert not FormDraft.objects.exists()
    assert http.post(at("client-draft"), typed).status_code == 409
    assert http.post(at("client-draft"), filled_in(company, form_key="x")).status_code == 422
    assert not FormDraft.objects.exists()


def test_a_colleagues_half_filled_form_is_theirs(agency: Agency, http: Http, company: Client) -> None:
    colleague, key = agency.user(Role.CLIENT), uuid.uuid4()
    ClientMember.objects.create(user=colleague, client=company)
    drafts.keep(colleague, company, Typed(key, "别人的", "title=a"), NOW)
    assert "别人的" not in http.get(NEW).content.decode()
    assert sent_back(http.get(f"{NEW}?draft={key}").content)["form_key"] != [str(key)]
    http.post(at("client-draft-discard"), {"form_key": str(key)})
    assert FormDraft.objects.exists()


def test_rows_come_back_as_a_part_that_says_so(http: Http, company: Client) -> None:
    answer = http.post(at("client-shifts"), filled_in(company) | {"action": "copy-0"})
    assert answer["HX-Trigger-After-Swap"] == "shifts-changed"
    assert sent_back(b'id="main"' + answer.content + b"</main>")["shift-TOTAL_FORMS"] == ["2"]
    days = {"action": "repeat", "repeat_until": "2026-11-27", "repeat_days": ["3", "4"]}
    again = http.post(at("client-shifts"), filled_in(company) | days).content.decode()
    assert ("已加 2 个班次" in again, "次日 06:00 结束，共 8 小时" in again) == (True, True)
    assert len(again.encode()) < MOST_BYTES


def test_a_form_becomes_a_template_with_its_new_place(agency: Agency, http: Http, company: Client) -> None:
    place = {"place": "new", "site": "", "city": str(agency.city.pk), "site_name": "新店", "site_address": "路 8 号"}
    typed = filled_in(company, kept_as="夜班", **place) | {"action": "template"}
    back = sent_back(http.post(NEW, typed).content)
    template = OrderTemplate.objects.get()
    assert (template.name, template.values["site"]) == ("夜班", company.sites.get(name="新店").pk)
    assert (back["place"], back["site"], back["form_key"]) == (
        ["own"],
        [str(template.values["site"])],
        [typed["form_key"]],
    )
    twice = http.post(NEW, filled_in(company, kept_as="夜班") | {"action": "template"})
    assert (twice.status_code, "已有同名模板" in twice.content.decode()) == (422, True)
    assert http.post(NEW, filled_in(company, service_type="") | {"action": "template"}).status_code == 422


def test_whoever_may_not_order_is_told_so(agency: Agency, http: Http, company: Client) -> None:
    order = agency.draft(company)
    ClientMember.objects.update(may_order=False)
    pages = [NEW, at("client-order-again", order.pk), at("client-order-edit", order.pk), at("client-templates")]
    for url in pages:
        answer = http.get(url)
        assert (answer.status_code, "没有此项权限" in answer.content.decode()) == (403, True)
    assert {http.post(url).status_code for url in (NEW, *(at(name) for name in POSTS))} == {403}
    assert http.post(at("client-reach"), headers={"hx-request": "true"}).status_code == 403


def test_wrong_methods(http: Http) -> None:
    assert {http.get(at(name)).status_code for name in POSTS} == {405}


def test_pages_and_parts_cost_the_same_for_one_and_three(
    agency: Agency, http: Http, company: Client, monkeypatch
) -> None:
    def count(method: str, url: str, data: Any = None) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(http, method)(url, data or {})
        # The demo's clock is not asked in production; savepoints are no questions.
        asked = [row["sql"] for row in captured if "core_democlock" not in row["sql"] and "SAVEPOINT" not in row["sql"]]
        return len(asked), len(answer.content)

    def measure(rows: int) -> dict[str, tuple[int, int]]:
        more = {"shift-TOTAL_FORMS": str(rows), f"skill_{agency.skill.pk}": "2", "package": "special_pool"}
        for number in range(1, rows):
            start = NOW + timedelta(days=number + 3)
            more |= {f"shift-{number}-date": f"{start:%Y-%m-%d}", f"shift-{number}-start": "09:00"}
            more |= {f"shift-{number}-end": "18:00", f"shift-{number}-headcount": "1"}
        data = filled_in(company, special_pool=str(pool.pk), **more)
        return {
            "new": count("get", NEW),
            "preview": count("post", NEW, data | {"action": "preview"}),
            "cost": count("post", at("client-cost"), data),
            "reach": count("post", at("client-reach"), data),
            "shifts": count("post", at("client-shifts"), data),
            "draft": count("post", at("client-draft"), data),
        }

    pool = profile(agency, "")
    agency.worker()
    # What keeping the pool up to date costs is asked in its own tests; here everybody is uncommitted and read anew.
    known = snapshot.available(NOW)
    monkeypatch.setattr(snapshot, "available", lambda _now: known)
    one = measure(1)
    for number in range(2):
        profile(agency, "", name_zh=f"池{number}")
        agency.site(company)
        drafts.keep(agency.member(company), company, Typed(uuid.uuid4(), "x", "title=x"), NOW)
    three = measure(3)
    assert {name: queries for name, (queries, _) in three.items()} == {
        name: queries for name, (queries, _) in one.items()
    }
    assert {name: queries for name, (queries, _) in three.items() if queries > MOST_QUERIES} == {}
    assert {
        name: size for name, (_, size) in three.items() if size > MOST_BYTES and name not in ("new", "preview")
    } == {}
