"""A bad review on its way through everybody's hands: owner, substitute, manager, client; in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from feedback.models import ReviewCase
from feedback.services import cases
from feedback.states import CaseStatus
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.feedback.stories import CAUSE, ENDED, Scene, open_case, scene
from tests.fixtures.outbox import drain
from tests.plugins.browser import PHONE

HOUR = timedelta(hours=1)
LANGUAGES = {"zh-CN": "zh-hans", "en-US": "en"}
Open = Callable[..., Page]


@pytest.fixture
def told(committed_agency) -> Scene:
    with time_machine.travel(ENDED, tick=True):
        return scene(committed_agency)


def enter(page: Page, user: User, base_url: str) -> Page:
    """Carry the session of a forced login into the page's context."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])
    return page


def follow_call(page: Page, case: ReviewCase) -> None:
    """From the inbox to the case."""
    page.goto("/inbox/")
    page.get_by_role("link").filter(has_text=case.number).first.click()
    page.wait_for_url(f"**/cases/{case.pk}/")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_is_called_in_turn_and_the_client_ends_it(live_server, open_page: Open, told: Scene, locale: str) -> None:
    second, manager = told.agency.dispatcher(), told.agency.manager()
    case = open_case(told)
    owner, substitute, boss = (
        enter(open_page(locale=locale), user, live_server.url) for user in (told.dispatcher, second, manager)
    )
    client = enter(open_page(size=PHONE, locale=locale), told.member, live_server.url)
    with translation.override(LANGUAGES[locale]):
        take, take_over, late = gettext("接手案件"), gettext("由我接手"), gettext("曾超时")
        solved, thanks = gettext("已解决"), gettext("已确认解决")
    with time_machine.travel(ENDED + 25 * HOUR, tick=True):
        drain(ENDED + 25 * HOUR)
        follow_call(owner, case)
        owner.get_by_role("button", name=take).click()
        expect(owner.get_by_role("button", name=take)).to_have_count(0)
    with time_machine.travel(ENDED + 41 * HOUR, tick=True):
        drain(ENDED + 41 * HOUR)
        follow_call(substitute, case)
        substitute.get_by_role("button", name=take_over).click()
        expect(substitute.get_by_role("button", name=take_over)).to_have_count(0)
    case.refresh_from_db()
    assert (case.owner, case.substitute) == (second, told.dispatcher)
    with time_machine.travel(ENDED + 49 * HOUR, tick=True):
        drain(ENDED + 49 * HOUR)
        follow_call(boss, case)
        boss.goto("/cases/")
        expect(boss.get_by_text(late).first).to_be_visible()
        cases.find_cause(case.pk, by=actor_of(second), now=ENDED + 49 * HOUR, **CAUSE)
        cases.report(case.pk, text="已改派资深客服", by=actor_of(second), now=ENDED + 49 * HOUR)
        client.goto(f"/client/cases/{case.pk}/")
        client.get_by_role("button", name=solved, exact=True).click()
        expect(client.get_by_text(thanks).first).to_be_visible()
    case.refresh_from_db()
    assert case.status == CaseStatus.CONFIRMED
    assert case.rounds.get().breached_at is not None
