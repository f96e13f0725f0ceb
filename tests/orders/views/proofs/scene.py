"""One booked shift, the phone of who works it and the desk, at nine in the morning."""

import io
from datetime import timedelta

import time_machine
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from orders.models import Assignment, Site
from orders.services import attendance
from orders.services.attendance import Fix
from staffing.core.actors import actor_of
from tests.fixtures.agency import HERE

AT_SITE = {"latitude": HERE[0], "longitude": HERE[1], "accuracy": 20}
HTMX = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def at(moment) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def url(name: str, *args: object) -> str:
    return reverse(f"orders:{name}", args=args)


def jpeg(name: str = "x.jpg", size=(64, 48)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    out.seek(0)
    out.name = name
    return out


def bad(content: bytes, name: str) -> io.BytesIO:
    out = io.BytesIO(content)
    out.name = name
    return out


def site_of(work: Assignment) -> Site:
    site = work.position.shift.order.site
    assert site is not None
    return site


def member_of(work: Assignment) -> Browser:
    member = work.position.shift.order.client.members.select_related("user").get()
    member.may_manage = True
    member.save()
    return logged_in(member.user)


def arrive(work: Assignment) -> None:
    attendance.check_in(work.pk, by=actor_of(work.worker.user), now=work.start_at, fix=Fix(*HERE, 20))
