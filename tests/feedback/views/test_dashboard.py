"""The manager's pages: what they show, how many queries they cost, what they refuse."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from feedback.presentation.kpis import KPIS
from feedback.services import cases, surveys
from orders.models import Client as Company
from orders.models import Order
from tests.feedback.stories import BAD, ENDED, GOOD, open_case, reported, scene

LATER = ENDED + timedelta(hours=3)
DASHBOARD, ROWS = "/dashboard/", "/dashboard/rows/"
SPLITS, PICTURES, ROUNDS = "/dashboard/splits/", "/dashboard/pictures/", "/dashboard/rounds/"
EXPORT, PEOPLE = "/dashboard/export/", "/dashboard/people/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def manager(agency, client):
    client.force_login(agency.manager())
    return client


def test_an_empty_agency_shows_dashes_not_figures(manager):
    page = manager.get(DASHBOARD).content.decode()
    assert page.count('<span class="kpi-value">—</span>') == sum(kpi.card for kpi in KPIS.values())
    assert "样本 0 个" in page
    assert 'class="sparkline"' not in page


def test_figures_are_shown_with_sample_definition_and_rows(manager, agency):
    told = scene(agency)
    case = reported(told, open_case(told))
    cases.confirm(case.pk, by=told.client, now=ENDED)
    page = manager.get(DASHBOARD).content.decode()
    for kpi in KPIS.values():
        assert not kpi.card or str(kpi.definition) in page
    for key in ("response", "fill", "arrived", "satisfaction", "compliance", "confirmed", "reopened"):
        assert f"from=2026-10-26&amp;to=2026-11-24&amp;kpi={key}" in page
    assert "样本少于 10" in page
    assert "目标 ≥ 95%" in page


def test_charts_carry_their_data_and_the_same_as_tables(manager, agency):
    open_case(scene(agency))
    page = manager.get(DASHBOARD).content.decode()
    assert page.count("data-chart=") == page.count('type="application/json"') == page.count("查看数据表") == 2
    assert "echarts.min.js" in page
    found = json.loads(page.split('<script id="dimensions-data" type="application/json">')[1].split("</script>")[0])
    assert [row["n"] for row in found["rows"]] == [1, 1, 1, 1]
    assert found["rows"][0]["low"] is None
    reported(told := scene(agency), open_case(told))
    page = manager.get(PICTURES).content.decode()
    assert page.count("data-chart=") == page.count('type="application/json"') == 2
    assert page.count("查看数据表") == 3


def test_no_other_page_loads_the_charts(manager):
    assert "echarts" not in manager.get("/cases/").content.decode()
    assert "echarts" not in manager.get(f"{ROWS}?kpi=fill").content.decode()


@pytest.mark.parametrize("kpi", [key for key, kpi in KPIS.items() if kpi.card])
def test_the_list_behind_a_figure_has_exactly_its_rows(manager, agency, kpi):
    first, second = scene(agency), scene(agency)
    reported(first, open_case(first))
    surveys.answer(second.survey.pk, GOOD, LATER)
    shown = manager.get(DASHBOARD, {"days": "7"}).context["cards"]
    card = next(card for card in shown if card["key"] == kpi)
    page = manager.get(card["url"])
    assert page.context["page"].paginator.count == card["n"]
    if card["misses"]:
        assert manager.get(card["miss_url"]).context["page"].paginator.count == card["misses"]


NAMES = {"city": {"上海"}, "service": {"售前"}, "industry": {"电商"}, "star": {"4 星级"}, "source": {"自主报名"}}


@pytest.mark.parametrize("cut", [*NAMES, "client"])
def test_a_line_of_a_split_leads_to_its_own_rows(manager, agency, cut):
    for _ in range(2):
        scene(agency)
    page = manager.get(PEOPLE if cut in ("star", "source") else SPLITS)
    split = next(one for one in page.context["splits"] if one["by"] == cut)
    lines = split["lines"]
    names = NAMES | {"client": {order.client.name for order in Order.objects.all()}}
    assert {line["name"] for line in lines} == names[cut]
    counted = [(cell["url"], cell["n"]) for line in lines for cell in line["cells"] if cell["n"]]
    assert counted
    for url, n in counted:
        assert manager.get(url).context["page"].paginator.count == n


def _queries(django_assert_max_num_queries, client: Client, url: str, most: int) -> int:
    with django_assert_max_num_queries(most) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("url", [DASHBOARD, SPLITS, PEOPLE, PICTURES, ROUNDS, *(f"{ROWS}?kpi={kpi}" for kpi in KPIS)])
def test_pages_cost_a_constant_number_of_queries(manager, agency, django_assert_max_num_queries, url):
    told = scene(agency)
    reported(told, open_case(told))
    few = _queries(django_assert_max_num_queries, manager, url, 12)
    for _ in range(4):
        more = scene(agency)
        reported(more, open_case(more))
    assert _queries(django_assert_max_num_queries, manager, url, 12) == few


def test_export_is_whole_and_free_of_formulas(manager, agency):
    company = agency.client(name="=HYPERLINK(1)")
    told = scene(agency, company=company)
    surveys.answer(told.survey.pk, BAD, LATER)
    answer = manager.get(ROWS, {"kpi": "satisfaction", "format": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    head, *lines = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert len(lines) == 1
    assert len(head) == len(lines[0]) == 9
    assert lines[0][2] == "'=HYPERLINK(1)"
    assert lines[0][-1] == "1"


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "＝1", "\t=1", "\r=1", " =1", "\u3000=1"])
def test_no_cell_begins_as_a_formula(start):
    from staffing.core.export import safe

    assert safe(start).startswith("'")


def test_a_period_that_makes_no_sense_is_said_so_and_the_usual_shown(manager):
    page = manager.get(DASHBOARD, {"from": "2026-11-10", "to": "2026-11-01"})
    assert page.status_code == 200
    assert "结束日期须不早于开始日期" in page.content.decode()
    assert page.context["period"].days == 30
    assert manager.get(DASHBOARD, {"from": "x", "to": "2026-11-01"}).context["period"].days == 30
    assert manager.get(DASHBOARD, {"days": "-5"}).context["period"].days == 30


def test_a_chosen_period_counts_its_days_only(manager, agency):
    scene(agency)
    chosen = {"from": "2026-11-24", "to": "2026-11-24"}
    cards = {card["key"]: card["n"] for card in manager.get(DASHBOARD, chosen).context["cards"]}
    assert (cards["response"], cards["fill"], cards["no_show"], cards["answered"]) == (0, 2, 2, 1)


def test_an_unknown_figure_is_not_found(manager):
    assert manager.get(ROWS, {"kpi": "secret"}).status_code == 404
    assert manager.get(ROWS).status_code == 404


@pytest.mark.parametrize("url", [DASHBOARD, SPLITS, PEOPLE, PICTURES, ROUNDS, EXPORT, ROWS])
@pytest.mark.parametrize("role", ["client", "dispatcher", "worker"])
def test_only_managers_come_in(agency, client, url, role):
    client.force_login(agency.user(role))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("name", ["dashboard", "dashboard-splits", "dashboard-pictures", "dashboard-rows"])
def test_figures_are_for_reading(manager, client, name):
    assert manager.post(reverse(f"feedback:{name}")).status_code == 405
    client.logout()
    assert client.get(reverse(f"feedback:{name}")).status_code == 302


def test_a_list_of_misses_says_so_and_other_values_are_ignored(manager, agency):
    scene(agency)
    title = '<h1 class="page-h1">满足率{}</h1>'
    assert title.format(" · 缺口") in manager.get(ROWS, {"kpi": "fill", "miss": "0"}).content.decode()
    everything = manager.get(ROWS, {"kpi": "fill", "miss": "nonsense"})
    assert title.format("") in everything.content.decode()
    assert everything.context["page"].paginator.count == 2


def test_the_bars_of_the_pictures_lead_to_their_rounds(manager, agency):
    told = scene(agency)
    reported(told, open_case(told))
    open_case(scene(agency))
    page = manager.get(PICTURES)
    urls = [(line["url"], line["n"]) for part in ("pareto", "clock") for line in page.context[part]["lines"]]
    running = page.context["clock"]["running"]
    assert running["n"] == 1
    for url, n in [*urls, (running["url"], 1)]:
        assert manager.get(url).context["page"].paginator.count == n
    head, *lines = file_of(manager, running["url"])
    assert len(lines) == 1
    assert head[0] == "案件"


def test_every_field_of_the_heat_map_leads_to_its_shifts(manager, agency):
    """A night shift stands in the hours of both days; the number of a field is that of the places behind it."""
    begin = ENDED.replace(hour=0, minute=0) - timedelta(days=5)
    for start, places in ((begin + timedelta(hours=22), 2), (begin + timedelta(hours=9, minutes=30), 3)):
        agency.submitted(start=start, headcount=places, now=start - timedelta(days=2))
    lines = manager.get(PICTURES).context["heats"]["all"]["lines"]
    fields = [(cell["url"], cell["n"]) for line in lines for cell in line["cells"] if cell["n"]]
    assert {n for _url, n in fields} == {2, 3}
    for url, n in fields:
        assert sum(shift.headcount for shift in manager.get(url).context["page"]) == n
    assert len(file_of(manager, fields[0][0])) == 2


def test_a_month_of_signing_leads_to_its_clients(manager, agency):
    """Two clients signed two months ago; one of them ordered in the month after."""
    signed = ENDED - timedelta(days=62)
    for placed in (ENDED - timedelta(days=30), None):
        company = agency.client()
        Company.objects.filter(pk=company.pk).update(created_at=signed)
        if placed:
            agency.submitted(company, start=placed + timedelta(days=2), now=placed)
    (line,) = manager.get(PICTURES).context["cohorts"]["lines"]
    assert [cell["value"] for cell in line["cells"]] == ["0%", "50%"]
    page = manager.get(line["cells"][1]["url"])
    assert [one.orders for one in page.context["found"]] == [1, 0]
    assert len(file_of(manager, line["cells"][1]["url"])) == 3


def file_of(manager: Client, url: str) -> list[list[str]]:
    """The lines of the file that a page gives, with its head."""
    return [*csv.reader(io.StringIO(manager.get(f"{url}&format=csv").getvalue().decode("utf-8-sig")))]


@pytest.mark.parametrize("query", ["", "weekday=8&hour=1", "weekday=x&hour=1", "month=nonsense&age=1", "month=2026-11"])
@pytest.mark.parametrize("name", ["dashboard-shifts", "dashboard-cohort"])
def test_a_field_that_does_not_exist_is_not_found(manager, name, query):
    assert manager.get(f"{reverse(f'feedback:{name}')}?{query}").status_code == 404


@pytest.mark.parametrize("part", ["", "city", "service", "industry", "client", "star", "source", "clients"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_table_is_a_file_too(manager, agency, part, form):
    scene(agency, company=agency.client(value=2))
    answer = manager.get(EXPORT, {"part": part, "format": form})
    assert answer.status_code == 200
    if form == "csv":
        _head, *lines = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
        assert lines


def test_an_unknown_part_is_not_found(manager):
    assert manager.get(EXPORT, {"part": "secret"}).status_code == 404


def test_a_choice_stays_with_every_link(manager, agency):
    told = scene(agency)
    page = manager.get(DASHBOARD, {"client": told.company.pk, "service": "pre_sale", "days": "7"})
    card = next(card for card in page.context["cards"] if card["key"] == "fill")
    assert card["n"] == 2
    for url in [card["url"], *(one["url"] for one in page.context["back"])]:
        assert f"client={told.company.pk}" in url
        assert "service=pre_sale" in url
        assert "from=2026-11-18&to=2026-11-24" in url
    other = agency.client()
    assert manager.get(DASHBOARD, {"client": other.pk}).context["cards"][0]["n"] == 0


def test_a_choice_that_nobody_knows_is_said_so(manager, agency):
    scene(agency)
    page = manager.get(DASHBOARD, {"city": "99999", "star": "x"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"city", "star"}


def test_clients_of_high_value_are_told_what_to_be_offered(manager, agency):
    told = scene(agency, company=agency.client(value=2))
    line = manager.get(PICTURES).context["valued"][0]
    assert (line["name"], line["orders"], str(line["offer"])) == (told.company.name, 1, "保持标准")
