"""The catalogue in the stock admin: grades row by row, out of use instead of deleted."""

from typing import Any

import pytest
from django.test import Client as Http
from django.urls import reverse

from staffing.core.models import Role
from tests.fixtures.agency import Agency
from workers import scales
from workers.models import Skill

pytestmark = pytest.mark.django_db
PARTS = ("zh", "en", "from")


@pytest.fixture
def http(agency: Agency) -> Http:
    browser = Http()
    browser.force_login(agency.user(Role.MANAGER, is_staff=True, is_superuser=True))
    return browser


def filled(grades: list[tuple[str, str, str]], **changes: Any) -> dict[str, Any]:
    cells = {f"grades_{3 * row + at}": value for row, grade in enumerate(grades) for at, value in enumerate(grade)}
    names = {"code": "typing", "name_zh": "打字", "name_en": "Typing", "kind": "typing", "is_active": "on"}
    return names | cells | changes


def add(http: Http, *grades: tuple[str, str, str], **changes: Any) -> Any:
    return http.post(reverse("admin:workers_skill_add"), filled(list(grades), **changes))


def test_grades_are_kept_as_they_stand_in_the_rows(http: Http) -> None:
    assert add(http, ("慢", "Slow", "30"), ("快", "Fast", "60")).status_code == 302
    made = Skill.objects.get(code="typing")
    assert made.grades == [{"zh": "慢", "en": "Slow", "from": 30}, {"zh": "快", "en": "Fast", "from": 60}]
    page = http.get(reverse("admin:workers_skill_change", args=[made.pk])).content.decode()
    assert 'value="Fast"' in page
    assert 'value="60"' in page


def test_a_kind_that_all_grade_alike_starts_with_the_usual_grades(http: Http) -> None:
    assert add(http, kind="education").status_code == 302
    assert Skill.objects.get(code="typing").grades == scales.EDUCATION
    assert add(http, code="other", kind="ability").status_code == 302
    assert Skill.objects.get(code="other").grades == []


@pytest.mark.parametrize(
    "grades",
    [[("慢", "", "30")], [("慢", "Slow", "60"), ("快", "Fast", "30")], [("慢", "Slow", ""), ("快", "Fast", "30")]],
)
def test_what_is_no_scale_is_said_and_what_was_typed_stays(http: Http, grades: list[tuple[str, str, str]]) -> None:
    answer = add(http, *grades)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert 'value="慢"' in answer.content.decode()
    assert not Skill.objects.filter(code="typing").exists()


def test_a_level_that_somebody_has_is_not_taken_away(agency: Agency, http: Http) -> None:
    agency.worker(skills={agency.skill: 3})
    url = reverse("admin:workers_skill_change", args=[agency.skill.pk])
    names = {"name_zh": "在线客服", "name_en": "Online chat", "kind": "ability"}
    answer = http.post(url, filled([("甲", "A", ""), ("乙", "B", "")], **names))
    assert "不能减少级数" in answer.content.decode()
    three = [("甲", "A", ""), ("乙", "B", ""), ("丙", "C", "")]
    assert http.post(url, filled(three, **names)).status_code == 302


def test_nothing_is_deleted_but_taken_out_of_use(agency: Agency, http: Http) -> None:
    assert http.post(reverse("admin:workers_skill_delete", args=[agency.skill.pk])).status_code == 403
    page = http.get(reverse("admin:workers_skill_changelist")).content.decode()
    assert "1 级 · 2 级" in page


@pytest.mark.parametrize("model", ["skill", "language", "certificatetype", "course"])
def test_each_list_opens_and_is_searched(agency: Agency, http: Http, model: str) -> None:
    assert (
        http.get(reverse(f"admin:workers_{model}_changelist"), {"q": "chat", "is_active__exact": "1"}).status_code
        == 200
    )
    assert http.get(reverse(f"admin:workers_{model}_add")).status_code == 200
