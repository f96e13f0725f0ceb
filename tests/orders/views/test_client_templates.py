"""Templates and recurring orders over HTTP: each company's own, every press once, every refusal in place."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Client, Order, OrderTemplate, RecurringOrder
from orders.services import planning
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.test_client_posting import sent_back

pytestmark = pytest.mark.django_db


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


def kept(agency: Agency, company: Client, name: str = "夜班") -> OrderTemplate:
    return planning.save_template(company, name, agency.spec(company), by=agency.acting_client(company), now=NOW)


def begun(agency: Agency, company: Client, name: str = "夜班") -> RecurringOrder:
    rhythm = planning.Rhythm([0], NOW.date() + timedelta(days=14), None, days_ahead=7)
    return planning.repeat(kept(agency, company, name), rhythm, by=agency.acting_client(company), now=NOW)


def weekly(template: OrderTemplate, **changes: Any) -> dict[str, Any]:
    return {"template": template.pk, "weekdays": ["0", "2"], "first_week": "2026-12-02", "days_ahead": "7"} | changes


def test_an_order_becomes_a_template_and_the_template_a_form(agency: Agency, http: Http, company: Client) -> None:
    order = agency.draft(company, headcount=4, notes="带工牌")
    url = at("client-order-template", order.pk)
    assert sent_back(http.get(url).content)["name"] == [order.title]
    assert http.post(url, {"name": "夜班"})["Location"] == at("client-templates")
    assert {http.post(url, data).status_code for data in ({"name": "夜班"}, {"name": " "}, {})} == {422}
    template = OrderTemplate.objects.get()
    answer = http.post(at("client-template-use", template.pk))
    template.refresh_from_db()
    assert template.used_at == NOW
    form = sent_back(http.get(answer["Location"]).content)
    # Tuesdays: the order's, and the next one from Monday on.
    assert (form["shift-0-date"], form["shift-0-headcount"], form["notes"]) == (["2026-11-24"], ["4"], ["带工牌"])
    assert (form["place"], form[f"skill_{agency.skill.pk}"]) == (["own"], ["2"])
    http.post("/client/orders/new/", form | {"action": "submit"})
    assert Order.objects.exclude(pk=order.pk).get().title == order.title


def test_a_template_whose_place_is_gone_asks_for_another(agency: Agency, http: Http, company: Client) -> None:
    template = kept(agency, company)
    OrderTemplate.objects.update(values=template.values | {"site": 0})
    form = sent_back(http.get(f"/client/orders/new/?template={template.pk}").content)
    assert form.get("site", [""]) == [""]
    assert http.post("/client/orders/new/", form | {"action": "submit"}).status_code == 422


def test_names_change_and_templates_go(agency: Agency, http: Http, company: Client) -> None:
    template = kept(agency, company)
    kept(agency, company, "早班")
    prefix = f"t{template.pk}-name"
    refused = http.post(at("client-template-rename", template.pk), {prefix: "早班"})
    assert (refused.status_code, 'value="早班"' in refused.content.decode()) == (422, True)
    http.post(at("client-template-rename", template.pk), {prefix: "深夜"})
    assert OrderTemplate.objects.filter(name="深夜").exists()
    http.post(at("client-template-delete", template.pk))
    assert not OrderTemplate.objects.filter(name="深夜").exists()
    assert http.post(at("client-template-delete", template.pk)).status_code == 404


def test_what_repeats_is_not_deleted(agency: Agency, http: Http, company: Client) -> None:
    row = begun(agency, company)
    assert http.post(at("client-template-delete", row.template_id)).status_code == 409
    assert "周期进行中" in http.get(at("client-templates")).content.decode()


def test_a_template_is_repeated_and_stopped(agency: Agency, http: Http, company: Client) -> None:
    template = kept(agency, company)
    asked = http.get(f"{at('client-recurring')}?template={template.pk}")
    assert sent_back(asked.content)["template"] == [str(template.pk)]
    assert http.post(at("client-recurring"), weekly(template)).status_code == 302
    row = RecurringOrder.objects.get()
    assert (row.weekdays, f"{row.first_week}", row.days_ahead) == ([0, 2], "2026-11-30", 7)
    page = http.get(at("client-recurring")).content.decode()
    assert ("周一、周三" in page, "11月30日 周一 起的一周" in page or "12月7日 周一 起的一周" in page) == (True, True)
    http.post(at("client-recurring-stop", row.pk))
    http.post(at("client-recurring-stop", row.pk))
    assert "已停止" in http.get(at("client-recurring")).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": []},
        {"template": "999999"},
        {"first_week": "2026-11-01"},
        {"first_week": "soon"},
        {"last_week": "2026-11-25"},
        {"days_ahead": "0"},
        {"days_ahead": "99"},
    ],
)
def test_bad_rhythms_come_back_as_typed(agency: Agency, http: Http, company: Client, changes: dict[str, Any]) -> None:
    typed = weekly(kept(agency, company)) | changes
    answer = http.post(at("client-recurring"), typed)
    assert answer.status_code == 422
    assert sent_back(answer.content)["days_ahead"] == [typed["days_ahead"]]
    assert not RecurringOrder.objects.exists()


def test_another_companys_things_do_not_exist(agency: Agency, http: Http) -> None:
    other = agency.client()
    row, order = begun(agency, other), agency.draft(other)
    urls = [at(f"client-template-{deed}", row.template_id) for deed in ("use", "rename", "delete")]
    urls += [at("client-recurring-stop", row.pk), at("client-order-template", order.pk)]
    assert {http.post(url, {"name": "x"}).status_code for url in urls} == {404}
    assert {http.get(url).status_code for url in urls[:4]} == {405}
    assert http.post(at("client-recurring"), weekly(row.template)).status_code == 422
    assert row.template.name not in http.get(at("client-templates")).content.decode()
    assert sent_back(http.get(f"/client/orders/new/?template={row.template_id}").content)["title"] == [""]


@pytest.mark.parametrize("name", ["client-templates", "client-recurring"])
def test_pages_cost_the_same_for_one_and_three(agency: Agency, http: Http, company: Client, name: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert http.get(at(name)).status_code == 200
        return len(captured)

    begun(agency, company)
    one = count()
    for number in range(2):
        begun(agency, company, f"{number}")
    assert count() == one <= 12
