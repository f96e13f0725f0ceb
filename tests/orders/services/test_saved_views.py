"""Filters under a name."""

import pytest

from orders.models import SavedView
from orders.services import saved_views
from staffing.core.errors import Conflict, Invalid
from tests.fixtures.agency import NOW

pytestmark = pytest.mark.django_db


def names(user) -> list[str]:
    return list(SavedView.objects.filter(user=user, page="desk").values_list("name", flat=True))


def test_the_same_name_again_replaces_the_filters(agency):
    user = agency.dispatcher()
    saved_views.save(user, "desk", " 北京 ", "city=1", NOW)
    view = saved_views.save(user, "desk", "北京", "city=2", NOW)
    assert names(user) == ["北京"]
    assert SavedView.objects.get(pk=view.pk).query == "city=2"


@pytest.mark.parametrize(("name", "query"), [("  ", "city=1"), ("名" * 41, "city=1"), ("北京", "x" * 501)])
def test_what_cannot_be_kept_is_refused(agency, name, query):
    with pytest.raises(Invalid):
        saved_views.save(agency.dispatcher(), "desk", name, query, NOW)


def test_there_is_an_end_to_views_but_not_to_changing_them(agency):
    user = agency.dispatcher()
    for number in range(saved_views.MOST):
        saved_views.save(user, "desk", f"视图{number}", "", NOW)
    with pytest.raises(Conflict):
        saved_views.save(user, "desk", "再一个", "", NOW)
    saved_views.save(user, "desk", "视图1", "city=2", NOW)


def test_one_view_opens_the_page_and_follows_its_changes(agency):
    user = agency.dispatcher()
    one = saved_views.save(user, "desk", "北京", "city=1", NOW)
    two = saved_views.save(user, "desk", "上海", "city=2", NOW)
    saved_views.make_default(one, on=True, now=NOW)
    saved_views.make_default(two, on=True, now=NOW)
    assert saved_views.default_query(user, "desk") == "city=2"
    saved_views.save(user, "desk", "上海", "city=3", NOW)
    assert saved_views.default_query(user, "desk") == "city=3"
    assert saved_views.default_query(agency.dispatcher(), "desk") == ""
    saved_views.make_default(two, on=False, now=NOW)
    assert saved_views.default_query(user, "desk") == ""


def test_a_deleted_view_opens_nothing(agency):
    user = agency.dispatcher()
    view = saved_views.save(user, "desk", "北京", "city=1", NOW)
    saved_views.make_default(view, on=True, now=NOW)
    saved_views.delete(view)
    assert (names(user), saved_views.default_query(user, "desk")) == ([], "")
