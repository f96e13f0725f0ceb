"""A company's logins: invited, given rights, shut out, and never without a manager."""

from dataclasses import asdict
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from orders.models import Client, ClientMember
from orders.services import members
from orders.services.members import Rights
from staffing.core import invitations
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Role, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.test_booking_race import all_at_once

PHONE = "13712345678"


def managed(agency: Agency) -> Client:
    company = agency.client()
    company.members.update(may_manage=True)
    return company


def invite(agency: Agency, company: Client, **fields: object) -> User:
    given = {"name": "林知夏", "phone": PHONE, "email": "", "rights": Rights(may_approve=True)} | fields
    return members.invite(company, by=agency.acting_client(company), now=NOW, **given)  # type: ignore[arg-type]


def test_who_is_invited_has_the_rights_and_no_password(agency: Agency) -> None:
    company = managed(agency)
    user = invite(agency, company)
    member = ClientMember.objects.get(user=user)
    assert (user.role, member.client, user.has_usable_password()) == (Role.CLIENT, company, False)
    assert (member.may_order, member.may_approve, member.may_manage) == (False, True, False)
    assert AuditEvent.objects.get(action="invite").data == asdict(Rights(may_approve=True))
    drain(NOW)
    assert mail.outbox == []


def test_a_number_that_has_a_login_is_refused(agency: Agency) -> None:
    company = managed(agency)
    invite(agency, company)
    with pytest.raises(Invalid) as refused:
        invite(agency, company, phone=f"+86 {PHONE}")
    assert refused.value.code == "phone_taken"


def test_the_link_goes_out_by_mail_and_works_once(agency: Agency) -> None:
    invite(agency, managed(agency), email="lin@client.example")
    drain(NOW)
    (letter,) = mail.outbox
    token = letter.body.rsplit("/join/", 1)[1].strip().strip("/")
    assert settings.PUBLIC_URL in letter.body
    user = invitations.set_password(token, "a-long-phrase-8", now=NOW)
    assert user.check_password("a-long-phrase-8")
    with pytest.raises(Conflict):
        invitations.set_password(token, "another-phrase-9", now=NOW)


def test_a_link_ages_and_cannot_be_made_up(agency: Agency) -> None:
    user = invite(agency, managed(agency))
    token = invitations.invitation(user).strip("/").rsplit("/", 1)[1]
    assert invitations.invited(token) == user
    for wrong in ("", "x", "1.", f"{user.pk}.x-y", f"{user.pk + 1}.{token.partition('.')[2]}", "9" * 30 + ".a-b"):
        assert invitations.invited(wrong) is None
    with time_machine.travel(NOW + timedelta(days=400)):
        assert invitations.invited(token) is None


def test_who_was_shut_out_cannot_use_the_link(agency: Agency) -> None:
    company = managed(agency)
    user = invite(agency, company)
    token = invitations.invitation(user).strip("/").rsplit("/", 1)[1]
    members.set_active(user.membership.pk, False, by=agency.acting_client(company), now=NOW)
    assert invitations.invited(token) is None


def test_the_last_manager_stays(agency: Agency) -> None:
    company = managed(agency)
    by, only = agency.acting_client(company), company.members.get()
    with pytest.raises(Conflict):
        members.set_rights(only.pk, Rights(may_order=True), by=by, now=NOW)
    with pytest.raises(Conflict):
        members.set_active(only.pk, False, by=by, now=NOW)
    second = invite(agency, company, rights=Rights(may_manage=True)).membership
    members.set_active(second.pk, False, by=by, now=NOW)
    with pytest.raises(Conflict):
        members.set_rights(only.pk, Rights(), by=by, now=NOW)
    members.set_active(second.pk, True, by=by, now=NOW)
    for _ in range(2):
        members.set_rights(only.pk, Rights(may_order=True), by=by, now=NOW)
    assert AuditEvent.objects.filter(action="set_rights").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_take_each_others_right_at_once() -> None:
    agency = Agency()
    company = managed(agency)
    one = company.members.get()
    two = invite(agency, company, rights=Rights(may_manage=True)).membership
    calls = [
        partial(members.set_rights, of.pk, Rights(), by=actor_of(by.user), now=NOW)
        for of, by in ((one, two), (two, one))
    ]
    assert sorted(all_at_once(calls)) == ["Conflict", "ok"]
    assert company.members.filter(may_manage=True).count() == 1


def test_the_company_describes_itself(agency: Agency) -> None:
    company = managed(agency)
    by = agency.acting_client(company)
    for _ in range(2):
        members.describe(
            company.pk,
            profile="开放式办公",
            briefing="请提前十分钟到",
            contact_email="hr@client.example",
            by=by,
            now=NOW,
        )
    company.refresh_from_db()
    assert (company.profile, company.contact_email) == ("开放式办公", "hr@client.example")
    assert AuditEvent.objects.get(action="describe").data["before"]["profile"] == ""
