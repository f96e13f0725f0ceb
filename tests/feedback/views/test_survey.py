"""The public survey: four taps, kind refusals, nothing lost, nothing leaked."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from feedback.forms import COMMENT_MAX
from feedback.models import LoopPolicy, Review, ReviewCase, SurveyChannel, WorkerRating
from feedback.services import surveys
from tests.feedback.stories import ENDED, GOOD, Scene, scene

FOUR = {"overall": "5", "attendance": "4", "skill_match": "3", "attitude": "2"}
TAPS = FOUR | {"solved": "yes", "order_again": "", "comment": ""}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ENDED, tick=False) as travel:
        yield travel


@pytest.fixture
def told(agency) -> Scene:
    return scene(agency)


@pytest.fixture
def link(told) -> str:
    return f"/s/{surveys.token_of(told.survey)}/"


def test_four_taps_suffice_and_lead_to_thanks(client, link, told):
    page = client.get(link).content.decode()
    assert told.order.number in page
    assert page.count('value="yes" checked') == page.count('name="solved" value="yes"') or "checked" in page
    answer = client.post(link, TAPS, follow=True)
    assert "谢谢" in answer.content.decode()
    review = Review.objects.get()
    assert (review.overall, review.attendance, review.skill_match, review.attitude) == (5, 4, 3, 2)
    assert (review.solved, review.order_again, review.comment) == (True, None, "")
    assert not ReviewCase.objects.exists()


def test_every_person_who_served_can_be_rated(client, link, told):
    first, second = surveys.served(told.order)
    page = client.get(link).content.decode()
    assert first.worker.user.name in page
    client.post(link, TAPS | {f"worker_{first.pk}": "2", "solved": "no", "order_again": "no", "comment": "差"})
    assert list(WorkerRating.objects.values_list("assignment", "stars")) == [(first.pk, 2)]
    assert second.pk not in WorkerRating.objects.values_list("assignment", flat=True)
    review = Review.objects.get()
    assert (review.solved, review.order_again, review.comment) == (False, False, "差")
    assert ReviewCase.objects.get().review == review


def test_nobody_else_can_be_rated(client, link, agency, told):
    foreign = surveys.served(scene(agency).order)[0]
    client.post(link, TAPS | {f"worker_{foreign.pk}": "1"})
    assert Review.objects.count() == 1
    assert not WorkerRating.objects.exists()


def test_bad_input_keeps_everything_typed(client, link, told):
    work = surveys.served(told.order)[0]
    wrong = {"overall": "9", "attendance": "4", "solved": "no", "order_again": "no", "comment": "等了很久 <b>"}
    answer = client.post(link, wrong | {f"worker_{work.pk}": "2"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"overall", "skill_match", "attitude"}
    page = answer.content.decode()
    assert "等了很久 &lt;b&gt;" in page
    for name, value in [("attendance", "4"), ("solved", "no"), ("order_again", "no"), (f"worker_{work.pk}", "2")]:
        assert form[name].value() == value
    assert not Review.objects.exists()


def test_a_comment_beyond_all_measure_is_refused(client, link):
    assert client.post(link, TAPS | {"comment": "长" * (COMMENT_MAX + 1)}).status_code == 422
    assert client.post(link, TAPS | {"comment": "长" * COMMENT_MAX}).status_code == 302


def test_an_answer_is_changed_for_a_day_and_no_longer(client, link, clock):
    client.post(link, TAPS)
    assert "?edit=1" in client.get(link).content.decode()
    form = client.get(f"{link}?edit=1").context["form"]
    assert [form[name].value() for name in ("overall", "attendance", "solved")] == [5, 4, "yes"]
    assert client.post(link, TAPS | {"overall": "1", "edit": "1"}).status_code == 302
    assert (Review.objects.get().overall, ReviewCase.objects.count()) == (1, 1)
    clock.move_to(ENDED + timedelta(hours=24))
    assert "?edit=1" not in client.get(link).content.decode()
    client.post(link, TAPS | {"overall": "3", "edit": "1"})
    assert Review.objects.get().overall == 1


def test_a_link_that_was_taken_back_says_so_kindly(client, link, told):
    surveys.revoke(told.survey.pk, by=told.desk, now=ENDED)
    for answer in (client.get(link), client.post(link, TAPS)):
        assert (answer.status_code, "已被撤回" in answer.content.decode()) == (404, True)
    assert not Review.objects.exists()


def test_a_picture_comes_along_and_what_is_none_is_refused(client, link, told, agency):
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    wrong = client.post(link, TAPS | {"comment": "见图", "photo": SimpleUploadedFile("x.png", b"no picture")})
    assert (wrong.status_code, "photo" in wrong.context["form"].errors) == (422, True)
    assert "见图" in wrong.content.decode()
    client.post(link, TAPS | {"overall": "1", "photo": SimpleUploadedFile("x.png", out.getvalue())})
    photo = Review.objects.get().photos.get()
    url = f"/reviews/photos/{photo.pk}/small/"
    assert client.get(url).status_code == 302
    client.force_login(agency.member(agency.client()))
    assert client.get(url).status_code == 404
    client.force_login(told.member)
    assert (client.get(url).status_code, client.get(url)["Content-Type"]) == (200, "image/webp")
    assert url in client.get(f"/client/cases/{ReviewCase.objects.get().pk}/").content.decode()


def test_the_clients_name_and_logo_stand_above_the_questions(client, link, told):
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    page = client.get(link).content.decode()
    assert told.company.name in page
    assert client.get(f"{link}logo/").status_code == 404
    told.company.members.update(may_manage=True)
    client.force_login(told.member)
    sent = {"url": "https://client.example/in", "photo": SimpleUploadedFile("x.png", out.getvalue())}
    assert client.post("/client/surveys/settings/", sent).status_code == 302
    channel = SurveyChannel.objects.get()
    assert channel.secret in client.get("/client/surveys/settings/").content.decode()
    client.logout()
    assert 'src="logo/"' in client.get(link).content.decode()
    assert client.get(f"{link}logo/")["Content-Type"] == "image/webp"
    assert client.get("/s/forged/logo/").status_code == 404
    client.force_login(told.member)
    client.post("/client/surveys/settings/", {"url": "", "without_logo": "on", "new_secret": "on"})
    was, channel = channel.secret, SurveyChannel.objects.get()
    assert (channel.logo, channel.url, channel.secret == was) == ("", "", False)


def test_whoever_may_not_manage_changes_no_settings(client, told):
    told.company.members.update(may_manage=False)
    client.force_login(told.member)
    assert client.post("/client/surveys/settings/", {"url": "https://a.example/"}).status_code in (302, 403)
    assert not SurveyChannel.objects.exists()


def test_the_inbox_leads_to_the_survey(client, told):
    client.force_login(told.member)
    answer = client.get(f"/client/surveys/{told.survey.pk}/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert surveys.survey_of(answer["Location"].split("/s/")[1].strip("/"), ENDED) == told.survey


def test_guessing_is_slowed_by_address_and_true_links_are_not(client, link):
    LoopPolicy(survey_guesses_an_hour=3).save()
    guesses = [client.get(f"/s/guess{n}/", REMOTE_ADDR="203.0.113.77") for n in range(5)]
    assert [one.status_code for one in guesses] == [404, 404, 404, 429, 429]
    assert client.get(link, REMOTE_ADDR="203.0.113.77").status_code == 200
    assert client.get("/s/guess/", REMOTE_ADDR="203.0.113.78").status_code == 404


def test_a_guess_costs_no_look_at_surveys(client, told):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/s/a.b.c/").status_code == 404
    assert not [one for one in asked if "feedback_survey" in one["sql"]]
    assert len(asked) <= 2


def test_a_repeated_submit_is_harmless_and_keeps_the_first(client, link):
    client.post(link, TAPS)
    again = client.post(link, TAPS | {"overall": "1"})
    assert again.status_code == 200
    assert "谢谢" in again.content.decode()
    assert Review.objects.get().overall == 5
    assert "谢谢" in client.get(link).content.decode()


# The signed one holds the time at which it was made: as a name, each process that runs tests would have its own.
@pytest.mark.parametrize(
    "token",
    ["x", "a.b.c", pytest.param(signing.dumps({"s": 1, "n": "x"}, salt="feedback.survey"), id="of nobody")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_says_nothing(client, told, token, method):
    answer = getattr(client, method)(f"/s/{token}/", TAPS)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "链接无效" in page
    assert told.order.title not in page
    assert not Review.objects.exists()


def test_a_link_signed_for_another_purpose_is_forged(client, told):
    token = signing.dumps({"s": told.survey.pk, "n": told.survey.nonce}, salt="another")
    assert client.get(f"/s/{token}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_expired_link_says_so_kindly(client, link, clock, told, method):
    clock.move_to(told.survey.expires_at - timedelta(seconds=1))
    assert client.get(link).status_code == 200
    clock.move_to(told.survey.expires_at)
    answer = getattr(client, method)(link, TAPS)
    assert answer.status_code == 404
    assert "链接已过期" in answer.content.decode()
    assert not Review.objects.exists()


def test_who_has_answered_is_thanked_also_after_the_end(client, link, clock, told):
    surveys.answer(told.survey.pk, GOOD, ENDED)
    clock.move_to(told.survey.expires_at + timedelta(days=99))
    answer = client.get(link)
    assert (answer.status_code, "谢谢" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("forged", [True, False])
def test_pages_are_kept_nowhere_and_told_to_nobody(client, link, forged):
    answer = client.get("/s/forged/" if forged else link)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    posted = client.post("/s/forged/" if forged else link, TAPS)
    assert posted["Referrer-Policy"] == "no-referrer"
    assert "no-store" in posted["Cache-Control"]


def test_it_works_with_the_guard_on_and_without_cookies(link, rf):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, TAPS, headers={"origin": "null"}).status_code == 302
    assert Review.objects.count() == 1


def test_other_methods_are_refused(client, link):
    assert client.put(link).status_code == 405
    assert client.delete(link).status_code == 405


def test_the_language_is_chosen_by_a_link(client, link):
    answer = client.get(f"{link}?lang=en")
    assert (answer.status_code, answer["Location"]) == (302, link)
    assert answer.cookies["language"].value == "en"
    assert client.get(f"{link}?lang=xx").status_code == 200
