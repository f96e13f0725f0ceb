"""Filters under a name: saved, opened with, deleted; one's own only."""

import pytest
import time_machine
from django.test import Client as Browser

from orders.models import SavedView
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import proposed, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def saved(desk: Browser, agency: Agency, name: str = "上海高价值") -> SavedView:
    desk.post(url("desk-views"), {"name": name, "query": f"city={agency.city.pk}&value=2"})
    return SavedView.objects.get(name=name, page="desk")


def test_filters_are_saved_under_a_name_and_are_one_click_away(agency, desk):
    sent = {"name": "上海高价值", "query": f"city={agency.city.pk}&value=2&nonsense=1&state=&page=3"}
    answer = desk.post(url("desk-views"), sent)
    view = SavedView.objects.get()
    assert (view.query, answer.url) == (f"city={agency.city.pk}&value=2", f"{url('desk')}?{view.query}")
    shown = desk.get(f"{url('desk')}?{view.query}").content.decode()
    assert f'href="?city={agency.city.pk}&amp;value=2" aria-current="true">上海高价值' in shown


def test_a_name_is_needed_and_what_was_typed_stays(agency, desk):
    answer = desk.post(url("desk-views"), {"name": " ", "query": "value=2"})
    assert answer.status_code == 422
    assert 'value="value=2"' in answer.content.decode()
    long = desk.post(url("desk-views"), {"name": "名" * 41, "query": "value=2"})
    assert long.status_code == 422
    assert "名" * 41 in long.content.decode()
    assert not SavedView.objects.exists()


def test_the_desk_opens_with_the_default_view_but_not_against_ones_will(agency, desk):
    view = saved(desk, agency)
    desk.post(url("desk-view-default", view.pk), {"on": "1"})
    assert desk.get(url("desk")).url == f"{url('desk')}?{view.query}"
    assert desk.get(url("desk") + "?state=").status_code == 200
    assert desk.get(url("desk"), headers={"HX-Request": "true"}).status_code == 200
    desk.post(url("desk-view-default", view.pk), {"on": "0"})
    assert desk.get(url("desk")).status_code == 200


def test_a_view_is_deleted_once(agency, desk):
    view = saved(desk, agency)
    for _ in range(2):
        assert desk.post(url("desk-view-delete", view.pk)).url == url("desk-views")
    assert not SavedView.objects.exists()


def test_nobody_touches_anothers_view(agency, desk):
    view = saved(desk, agency)
    stranger = Browser()
    stranger.force_login(agency.dispatcher())
    assert stranger.post(url("desk-view-default", view.pk), {"on": "1"}).status_code == 404
    stranger.post(url("desk-view-delete", view.pk))
    assert SavedView.objects.filter(pk=view.pk).exists()
    assert "上海高价值" not in stranger.get(url("desk")).content.decode()


def test_the_list_of_views_costs_the_same_for_one_and_for_three(agency, desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(3):
        saved(desk, agency, f"视图{number}")
        with CaptureQueriesContext(connection) as found:
            desk.get(url("desk-views"))
        counts.append(len(found))
    assert counts[0] == counts[2] <= 12


def test_the_address_of_the_queue_forgets_the_order_beside_it(agency, desk):
    order = proposed(agency)
    shown = desk.get(url("desk"), {"order": order.pk, "state": "all"}, headers={"HX-Request": "true"})
    assert shown.context["here_url"] == f"{url('desk')}?state=all"
    assert shown.context["chosen"].pk == order.pk


def test_filtering_without_a_reload_brings_the_views_along(agency, desk):
    proposed(agency)
    headers = {"HX-Request": "true", "HX-Target": "queue"}
    assert 'id="desk-views"' not in desk.get(url("desk"), headers=headers).content.decode()
    text = desk.get(url("desk"), {"value": 0}, headers={**headers, "HX-Trigger": "desk-filter"}).content.decode()
    assert f'href="{url("desk-views")}?value=0"' in text
