"""The worker and the agency read what counted how much, and what would bring the next star."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from feedback.services import surveys
from feedback.services.surveys import Answers
from staffing.core.models import User
from tests.feedback.stories import ENDED, scene
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import drain
from workers.models import Worker


@pytest.fixture
def rated(agency: Agency) -> Worker:
    told = scene(agency, headcount=1)
    worker = Worker.objects.get(assignments__position__shift__order=told.order)
    Worker.objects.filter(pk=worker.pk).update(services_done=3)
    surveys.answer(told.survey.pk, Answers(5, 5, 5, 5, ratings={worker.assignments.get().pk: 5}), ENDED)
    drain(ENDED)
    return worker


def read(user: User, url: str, **more: str) -> str:
    browser = Browser(headers=more)
    browser.force_login(user)
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_worker_reads_each_rating_and_the_next_star(rated: Worker) -> None:
    page = read(rated.user, reverse("feedback:my-stars"))
    assert "已认证 2 星" in page
    assert "100%" in page
    assert "升 3 星（得分 3.60）还需：再完成 2 次服务。" in page
    assert "得分 — → 4.3，现为 2 星" in page


def test_the_agency_reads_the_same_as_page_and_part(agency: Agency, rated: Worker) -> None:
    user, url = agency.dispatcher(), reverse("feedback:person-stars", args=[rated.pk])
    whole, part = read(user, url), read(user, url, **{"HX-Request": "true"})
    assert "得分 — → 4.3，现为 2 星" in whole
    assert "<html" in whole and "<html" not in part


def test_before_certification_the_page_says_what_is_missing(agency: Agency) -> None:
    assert "再完成 3 次服务后开始认证星级" in read(agency.worker().user, reverse("feedback:my-stars"))


def test_a_change_names_the_services_behind_it(rated: Worker) -> None:
    title = rated.assignments.get().position.shift.order.title
    page = read(rated.user, reverse("feedback:my-stars"))
    assert f"{title}（" in page and "得 5 星" in page
    assert "依据的 1 次服务" in page and "5 星 · 权重 100%" in page
