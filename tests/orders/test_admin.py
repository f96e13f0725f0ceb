"""The stock admin over the weights: a new version beside the old ones, none of them changed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Http
from django.urls import reverse

from orders.forms.weights import defaults, in_force
from orders.models import MatchWeights
from orders.pool import weights_in_force
from staffing.core.models import Role
from tests.fixtures.agency import NOW, Agency

pytestmark = pytest.mark.django_db
ADD = "admin:orders_matchweights_add"


@pytest.fixture
def http(agency: Agency) -> Http:
    browser = Http()
    browser.force_login(agency.user(Role.MANAGER, is_staff=True, is_superuser=True))
    return browser


def filled(**changes: Any) -> dict[str, Any]:
    return {"version": "2026-2", "note": "更看重星级", **in_force(), **changes}


def test_a_new_version_is_in_force_at_once(agency: Agency, http: Http) -> None:
    old = MatchWeights.objects.create(version="2026-1", values={}, created_at=NOW - timedelta(days=1))
    with time_machine.travel(NOW, tick=False):
        answer = http.post(reverse(ADD), filled(stars=30))
    assert answer.status_code == 302, answer.context["errors"]
    new = MatchWeights.objects.get(version="2026-2")
    assert new.values == defaults() | {"stars": 30}
    assert (new.note, new.created_by_id) == ("更看重星级", int(http.session["_auth_user_id"]))
    assert new.created_at == NOW
    assert (weights_in_force().version, weights_in_force().stars) == ("2026-2", 30)
    old.refresh_from_db()
    assert old.values == {}


def test_the_form_shows_the_numbers_in_force_with_their_meaning(http: Http) -> None:
    page = http.get(reverse(ADD)).content.decode()
    assert "五星时的得分，一星为 0（分，0–500）" in page
    assert 'name="stars" value="20"' in page


def test_what_is_wrong_is_said_and_nothing_is_lost(http: Http) -> None:
    answer = http.post(reverse(ADD), filled(stars=-1, skill=17))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert MatchWeights.objects.get().version == "no novices"
    assert 'name="skill" value="17"' in page
    assert answer.context["errors"]


def test_an_old_version_is_shown_with_meanings_and_cannot_be_changed(http: Http) -> None:
    old = MatchWeights.objects.create(version="2026-1", values={"stars": 33}, created_at=NOW)
    url = reverse("admin:orders_matchweights_change", args=[old.pk])
    page = http.get(url).content.decode()
    assert "<b>星级</b> 33 分 · 五星时的得分，一星为 0<br>" in page
    assert "<b>技能</b> 15 分 · 每项技能都高出要求两级时的得分（默认）<br>" in page
    assert http.post(url, filled(version="2026-1", stars=1)).status_code == 403
    assert http.post(reverse("admin:orders_matchweights_delete", args=[old.pk]), {"post": "yes"}).status_code == 403
    old.refresh_from_db()
    assert old.values == {"stars": 33}


def test_the_versions_are_listed_newest_first(http: Http) -> None:
    for version in ("2026-1", "2026-2"):
        MatchWeights.objects.create(version=version, values={}, created_at=NOW)
    page = http.get(reverse("admin:orders_matchweights_changelist")).content.decode()
    assert page.index("2026-2") < page.index("2026-1")
