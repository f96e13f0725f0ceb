"""A complaint opens a case as a bad review does, also one about no order."""

import pytest
import time_machine
from django.db import IntegrityError, transaction

from feedback import permissions
from feedback.models import Complaint, ReviewCase
from feedback.selectors import figures
from feedback.selectors.period import Period
from feedback.services import cases
from feedback.states import CaseStatus
from orders.models import Client, OrderPolicy
from tests.feedback.stories import BAD, CAUSE, ENDED, open_case, scene


def complain(company: Client, **fields) -> Complaint:
    values = {"raised_by_role": "client", "category": "cost", "text": "账单有误", "at": ENDED} | fields
    return Complaint.objects.create(client=company, **values)


@pytest.fixture
def told(agency):
    return scene(agency)


def test_a_complaint_opens_one_case_with_its_clock(told):
    complaint = complain(told.company, order=told.order)
    case = cases.open_for(complaint=complaint, now=ENDED)
    assert cases.open_for(complaint=complaint, now=ENDED) == case
    assert (case.review, case.order, case.owner) == (None, told.order, told.dispatcher)
    assert case.escalations.count() == 3
    assert case.title == told.order.title


def test_a_complaint_without_an_order_goes_all_the_way(client, told):
    case = cases.open_for(complaint=complain(told.company), now=ENDED)
    assert (case.order, case.title, case.order_number) == (None, "投诉：费用", "")
    cases.take(case.pk, by=told.desk, now=ENDED)
    cases.find_cause(case.pk, by=told.desk, now=ENDED, **CAUSE)
    client.force_login(told.dispatcher)
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    assert client.get("/cases/").status_code == 200
    assert "投诉：费用" in client.get("/cases/export/?format=csv").getvalue().decode("utf-8-sig")
    cases.report(case.pk, text="已更正账单。", by=told.desk, now=ENDED)
    client.force_login(told.member)
    for page in ("", "waiting/", f"{case.pk}/"):
        assert "投诉：费用" in client.get(f"/client/cases/{page}").content.decode()
    assert cases.confirm(case.pk, by=told.client, now=ENDED).status == CaseStatus.CONFIRMED


def test_it_counts_for_its_client_in_the_figures(client, agency, told):
    cases.open_for(complaint=complain(told.company), now=ENDED)
    case = ReviewCase.objects.get()
    cases.take(case.pk, by=told.desk, now=ENDED)
    cases.find_cause(case.pk, by=told.desk, now=ENDED, **CAUSE)
    cases.report(case.pk, text="好了", by=told.desk, now=ENDED)
    found = figures.figures(Period(ENDED.date(), ENDED.date()), ENDED, OrderPolicy.current())
    assert found.of("compliance", "client", told.company.pk).n == 1
    assert None not in found.members("city")
    client.force_login(agency.manager())
    day = ENDED.date()
    with time_machine.travel(ENDED, tick=False):
        page = client.get(f"/dashboard/rows/?kpi=compliance&from={day}&to={day}")
    assert told.company.name in page.content.decode()


def test_what_a_worker_complains_about_is_not_shown_to_the_client(client, told):
    case = cases.open_for(complaint=complain(told.company, raised_by_role="worker"), now=ENDED)
    assert case not in permissions.cases_of_client(told.member)
    client.force_login(told.member)
    assert client.get(f"/client/cases/{case.pk}/").status_code == 404


def test_a_case_has_exactly_one_reason(told):
    case = open_case(told, answers=BAD)
    for reasons in ({"complaint": complain(told.company)}, {"review": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewCase.objects.filter(pk=case.pk).update(**reasons)
