"""Applying without a login: kept as typed, found again by the link, handed in once, seen and taken back."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client as Browser

from staffing.core.actors import actor_of
from staffing.core.models import Notification
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from workers.models import Application, ApplicationDraft, Partner, RecruitPolicy, Skill
from workers.services import application_forms, applications
from workers.services import application_links as links

PHONE = "13712345678"
GUARD = re.compile(r'FToken": "\w+|csrfmiddlewaretoken" value="\w+|Content-Length\W+\d+')


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(agency):
    """A catalogue with a scale of each kind."""
    grades = [{"zh": zh, "en": zh} for zh in ("高中", "大专", "本科")]
    Skill.objects.create(code="education", name_zh="学历", name_en="Education", kind="education", grades=grades)
    return agency


def contact(agency, **fields):
    return {"name": "林晓雨", "phone": PHONE, "city": agency.city.pk, "came": "student", "consent": "on"} | fields


ABLE = {"skill_education": "3", "major": "市场营销", "typing_wpm": "70", "skill_chat": "4", "language_mandarin": "4"}
FREE = {"days": ["0", "5"], "parts": ["day", "evening"], "remote_ok": "on", "experience": "两年电商客服"}


def begun(agency, query="", **fields):
    """The address of the second step."""
    answer = Browser().post(f"/apply/{query}", contact(agency, **fields))
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return answer["Location"].partition("?")[0]


def handed_in(agency, **fields):
    url = begun(agency, **fields)
    assert Browser().post(f"{url}?step=2", ABLE)["Location"] == f"{url}?step=3"
    return url, Browser().post(f"{url}?step=3", FREE)


def test_three_steps_make_an_application(asked):
    url, answer = handed_in(asked, email="lin@example.test")
    assert answer["Location"] == url and not ApplicationDraft.objects.exists()
    found = Application.objects.get()
    assert (found.name, found.phone, found.source, found.remote_ok) == ("林晓雨", PHONE, "student", True)
    assert found.answers == {
        "skills": {"education": 3, "chat": 4},
        "languages": {"mandarin": 4},
        "typing_wpm": 70,
        "major": "市场营销",
        "experience": "两年电商客服",
        "windows": [[0, 540, 1320], [5, 540, 1320]],
    }
    assert found.consented_at == NOW and found.consent_version == 1
    page = Browser().get(url).content.decode()
    assert "林晓雨" in page and "正在审核" in page and "撤回报名" in page


def test_nothing_is_kept_without_consent(asked):
    sent = contact(asked)
    del sent["consent"]
    answer = Browser().post("/apply/", sent | {"phone": "123"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "请阅读并同意" in page and "11 位" in page and 'value="林晓雨"' in page
    assert not ApplicationDraft.objects.exists()


def test_what_was_typed_is_there_again_even_if_it_was_wrong(asked):
    url = begun(asked)
    answer = Browser().post(f"{url}?step=2", ABLE | {"typing_wpm": "1000", "major": "x" * 61})
    assert answer.status_code == 422
    page = Browser().get(f"{url}?step=2").content.decode()
    assert 'value="1000"' in page and 'value="市场' not in page
    assert Browser().post(f"{url}save/?step=3", {"experience": "写到一半"}).status_code == 204
    assert "写到一半" in Browser().get(f"{url}?step=3").content.decode()


def test_an_unfinished_step_is_asked_for_before_the_end(asked):
    url = begun(asked)
    Browser().post(f"{url}save/?step=1", contact(asked, phone="137"))
    answer = Browser().post(f"{url}?step=3", FREE)
    assert answer["Location"] == f"{url}?step=1&check=1"
    page = Browser().get(answer["Location"])
    assert page.status_code == 422 and "11 位" in page.content.decode()
    assert not Application.objects.exists()


def plain(answer, url, phone):
    """What an answer says, but for its own address and number, and the form's guard, which is new each time."""
    said = f"{sorted(answer.headers.items())} {answer.content.decode()}"
    return GUARD.sub("", said.replace(url, "URL").replace(phone, "PHONE"))


def both(agency):
    """A form with a phone that is free, and the same with one whose application is under way."""
    known, free = PHONE, "13712340000"
    handed_in(agency, email="lin@example.test")
    return [(*handed_in(agency, name="别人", phone=phone), phone) for phone in (free, known)]


def test_nobody_finds_out_whether_a_phone_is_known(asked):
    """Every answer that such a form and its link give is that of a new application."""
    new, known = both(asked)
    for url, answer, _phone in (new, known):
        assert (answer.status_code, answer["Location"]) == (302, url)
    for ask in (
        lambda url: Browser().get(url),
        lambda url: Browser().get(f"{url}?step=2"),
        lambda url: Browser().post(f"{url}?step=3", FREE),
        lambda url: Browser().post(f"{url}save/?step=1", {"name": "x"}),
        lambda url: Browser().get(f"{url}data/"),
        lambda url: Browser().post(f"{url}withdraw/"),
        lambda url: Browser().get(url),
        lambda url: Browser().post(f"{url}withdraw/"),
        lambda url: Browser().post(f"{url}withdraw/", {"erase": "on"}),
        lambda url: Browser().get(url),
        lambda url: Browser().get(f"{url}data/"),
    ):
        one, other = (plain(ask(url), url, phone) for url, _answer, phone in (new, known))
        assert one == other
    assert [found.status for found in Application.objects.order_by("pk")] == ["applied", "withdrawn"]
    assert not ApplicationDraft.objects.exists()


def test_who_applied_first_is_told_of_a_second_form_and_keeps_everything(asked):
    first, _answer = handed_in(asked, email="lin@example.test")
    owner = asked.dispatcher()
    Application.objects.update(owner=owner)
    before = Application.objects.values().get()
    drain(NOW)
    mail.outbox.clear()
    for name in ("别人", "又一个"):
        url, _answer = handed_in(asked, name=name, email="other@example.test")
        assert "林晓雨" not in Browser().get(url).content.decode()
        drain(NOW)
    assert Application.objects.values().get() == before
    assert [(letter.to, first in letter.body) for letter in mail.outbox] == [(["lin@example.test"], True)]
    assert Notification.objects.filter(user=owner, kind="application.again").count() == 1


def test_a_form_with_a_known_phone_goes_with_the_application_or_after_its_days(asked):
    first, _answer = handed_in(asked)
    days = timedelta(days=RecruitPolicy.current().keep_days)
    handed_in(asked, name="别人")
    assert application_forms.sweep(NOW + days) == 0
    assert application_forms.sweep(NOW + days + timedelta(seconds=1)) == 1
    url, _answer = handed_in(asked, name="别人")
    Browser().post(f"{first}withdraw/", {"erase": "on"})
    assert not ApplicationDraft.objects.exists() and Browser().get(url).status_code == 404


def test_a_partners_code_leads_to_the_partner(asked):
    partner = Partner.objects.create(code="qingyun", name="青云校园", kind="training")
    assert "青云校园" in Browser().get("/apply/?code=qingyun").content.decode()
    handed_in(asked, code="qingyun")
    found = Application.objects.get()
    assert (found.partner, found.source, found.code) == (partner, "training", "qingyun")


def test_a_forged_link_tells_nothing_and_many_are_slowed_down(asked):
    RecruitPolicy(guesses_an_hour=2).save()
    url, _answer = handed_in(asked)
    elsewhere = Browser(REMOTE_ADDR="192.0.2.7")
    forged = [elsewhere.get(f"{url[:-1]}{char}/").status_code for char in "xyz"]
    assert forged.count(404) == 2 and forged[-1] == 429
    assert Browser().get(url).status_code == 200


def test_many_forms_of_one_network_have_to_wait(asked):
    RecruitPolicy(forms_an_hour=1).save()
    elsewhere = Browser(REMOTE_ADDR="192.0.2.8")
    first, answer = (elsewhere.post("/apply/", contact(asked)) for _ in range(2))
    assert first.status_code == 302
    assert answer.status_code == 429 and 'value="林晓雨"' in answer.content.decode()


def test_the_link_is_told_to_nobody(asked):
    url, _answer = handed_in(asked)
    answer = Browser().get(url)
    assert answer["Referrer-Policy"] == "no-referrer" and answer["Cache-Control"] == "no-store"
    assert Browser().get(f"{url}?step=2&lang=en")["Location"] == f"{url}?step=2"
    assert Browser().get(f"{url}?lang=en").cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_taking_it_back_and_having_it_deleted(asked):
    url, _answer = handed_in(asked)
    kept = json.loads(Browser().get(f"{url}data/").content)
    assert kept["phone"] == PHONE and kept["answers"]["major"] == "市场营销"
    answer = Browser().post(f"{url}withdraw/", {"erase": "on"})
    assert "资料已全部删除" in answer.content.decode()
    found = Application.objects.get()
    assert (found.status, found.phone, found.email, found.answers) == ("withdrawn", "", "", {})
    assert found.erased_at == NOW and Browser().get(url).status_code == 404


def test_a_withdrawn_one_is_still_seen(asked):
    url, _answer = handed_in(asked)
    assert Browser().post(f"{url}withdraw/")["Location"] == url
    assert "您已撤回报名" in Browser().get(url).content.decode()
    assert links.found(url.strip("/").rpartition("/")[2]) == Application.objects.get()


def test_each_stage_shows_the_day_it_was_reached(asked):
    url, _answer = handed_in(asked)
    by, later = actor_of(asked.dispatcher()), NOW + timedelta(days=2)
    applications.move(Application.objects.get().pk, "documents", by=by, now=later)
    page = Browser().get(url).content.decode()
    assert re.findall(r'step-time">([^<]+)<', page) == ["11月23日 周一", "11月25日 周三", "—", "—", "—"]
