"""Lists: constant in queries, in pages, filtered, ordered, and strict about what they do not know."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.line import V1, as_user, day, proposed, reviewed, world

LISTS = ["orders", "workers", "assignments", "offers", "timesheets", "reviews", "cases"]


def queries(speaker, path):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = speaker.get(path)
    assert answer.status_code == 200
    return len(seen), answer.json()["count"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_any_number_of_rows(agency, name):
    company = agency.client()
    agency.worker()
    reviewed(agency, company, start=day(1))
    speaker = as_user(agency.manager())
    path = f"{V1}{name}/"
    speaker.get(path)
    few, one = queries(speaker, path)
    for number in (2, 3):
        agency.worker(skills={agency.skill: 1})
        reviewed(agency, company, start=day(number))
    many, three = queries(speaker, path)
    assert (one, three) == (1, 3)
    assert many == few


def test_one_order_costs_the_same_whatever_hangs_on_it(agency):
    company = agency.client()
    for _ in range(4):
        agency.worker()
    small, large = proposed(agency, company, start=day(1)), proposed(agency, company, start=day(2), headcount=4)
    speaker = as_user(agency.dispatcher())
    for path in ("", "matches/"):
        few, many = (queries_of(speaker, f"{V1}orders/{order.pk}/{path}") for order in (small, large))
        assert few == many


def queries_of(speaker, path):
    with CaptureQueriesContext(connection) as seen:
        assert speaker.get(path).status_code == 200
    return len(seen)


def test_pages_are_bounded_and_the_last_one_ends(agency):
    company = agency.client()
    for number in range(1, 4):
        agency.draft(company, start=day(number))
    speaker = as_user(agency.manager())
    first = speaker.get(f"{V1}orders/?page_size=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    second = speaker.get(first["next"]).json()
    assert {row["id"] for row in first["results"]}.isdisjoint(row["id"] for row in second["results"])
    assert second["next"] is None
    beyond = speaker.get(f"{V1}orders/?page=9")
    assert (beyond.status_code, beyond["Content-Type"]) == (404, "application/problem+json")


def test_filters_narrow(agency):
    here = world(agency)
    speaker = as_user(here.manager)

    def ids(query):
        answer = speaker.get(f"{V1}orders/", query)
        assert answer.status_code == 200, answer.json()
        return {row["id"] for row in answer.json()["results"]}

    everything = ids({})
    assert ids({"status": ["draft", "proposed"]}) == {here.objects["draft"], here.objects["order"]}
    assert ids({"city": "shanghai", "client": here.objects["company"]}) == everything
    assert ids({"city": "nowhere"}) == set()
    assert ids({"from": day(2).isoformat(), "to": day(3).isoformat()}) == {here.objects["order"]}
    assert ids({"remote": "true"}) == set()
    other: dict[str, Any] = {"assignments": {"worker": here.objects["worker"]}, "offers": {"status": "pending"}}
    other |= {"timesheets": {"status": "submitted"}, "reviews": {"overall_max": 1}, "cases": {"status": "open"}}
    other |= {"workers": {"skill": "chat", "min_stars": "4.5", "level": "junior", "name": "worker"}}
    for name, query in other.items():
        assert speaker.get(f"{V1}{name}/", query).json()["count"] >= 1, name


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=unheard-of", "status"),
        ("from=yesterday", "from"),
        ("client=x", "client"),
        ("ordering=notes", "ordering"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(agency, query, parameter):
    answer = as_user(agency.manager()).get(f"{V1}orders/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)


def test_ordering_is_total(agency):
    company = agency.client()
    ids = [agency.draft(company, start=day(1)).pk for _ in range(3)]
    speaker = as_user(agency.manager())
    by_start = [row["id"] for row in speaker.get(f"{V1}orders/?ordering=-starts_at").json()["results"]]
    assert by_start == ids
    newest_first = [row["id"] for row in speaker.get(f"{V1}orders/").json()["results"]]
    assert newest_first == ids[::-1]
