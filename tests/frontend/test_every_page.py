"""Every page of every role: at most twelve queries, as many for one row as for three, and light on the first visit."""

import gzip
import re
from functools import cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from staffing.core.models import Role
from tests.fixtures import pool_reads
from tests.fixtures.agency import NOW
from tests.frontend.pages import Scene, lengthen, page_urls, scene

MOST_QUERIES = 12
# Pages that put together what several apps know of one person, each by its own numbers; never more for more rows.
GATHERING = {r"^/my/me/privacy/$": 14, r"^/people/\d+/standing/$": 14, r"^/desk/training/courses/\d+/$": 14}
COLD, PART = 200 * 1024, 15 * 1024
REFERENCE = re.compile(r'(?:src|href)="/static/([^"#?]+)')
INSIDE_CSS = re.compile(r"url\(['\"]?(?!data:)([^'\")]+)")
# ECharts belongs to the manager's figures only, and is heavier than everything else.
HEAVY = re.compile(r"echarts")


@pytest.fixture
def found(db: None, monkeypatch: pytest.MonkeyPatch):
    pool_reads.uncounted(monkeypatch)
    with time_machine.travel(NOW, tick=False):
        yield scene()


@cache
def packed(name: str) -> int:
    """How many bytes a static file is on its way, with what a style sheet draws in."""
    path = finders.find(name)
    assert path, name
    content = Path(str(path)).read_bytes()
    within = INSIDE_CSS.findall(content.decode("utf-8")) if name.endswith(".css") else []
    parts = [str((Path("/") / name).parent.joinpath(each).resolve())[1:] for each in within if not each.startswith("#")]
    return len(brotli.compress(content)) + sum(packed(part.split("#")[0]) for part in parts)


def cold(html: bytes) -> int:
    """Bytes of a first visit: the page and all that it names."""
    names = {name for name in REFERENCE.findall(html.decode("utf-8")) if not HEAVY.search(name)}
    return len(gzip.compress(html)) + sum(packed(name) for name in names)


def queries(browser: Browser, url: str) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as context:
        browser.get(url)
    # A test's clock may run ahead, which production does not look up.
    asked = [each["sql"] for each in context.captured_queries if "core_democlock" not in each["sql"]]
    return len([sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE"))])


def most(url: str) -> int:
    """How many queries the page may take."""
    return next((number for page, number in GATHERING.items() if re.search(page, url)), MOST_QUERIES)


@pytest.mark.parametrize("role", [*Role.values, "nobody"])
def test_no_page_asks_more_for_more_rows(found: Scene, role: str) -> None:
    browser, urls = found.browser(role), page_urls(found, role)
    one = {url: queries(browser, url) for url in urls}
    found.more()
    found.more()
    three = {url: queries(browser, url) for url in urls}
    # What is remembered for a minute may have run out in between on a slow machine: the next visit has it again.
    three |= {url: queries(browser, url) for url in urls if three[url] > min(one[url], most(url))}
    grown = [f"{url} {one[url]} → {three[url]}" for url in urls if three[url] > one[url]]
    many = [f"{url} {number}" for url, number in three.items() if number > most(url)]
    assert grown + many == [], "\n".join(grown + many)
    assert urls or role == "nobody"


@pytest.mark.parametrize("role", [*Role.values, "nobody"])
def test_every_page_is_light_and_so_is_every_part(found: Scene, role: str) -> None:
    lengthen(0)
    browser, heavy = found.browser(role), {}
    for url in page_urls(found, role):
        heavy[url] = cold(browser.get(url).content)
    parts = {}
    for _route, url in found.urls(role):
        answer = browser.get(url, headers={"HX-Request": "true"})
        is_html = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        if is_html and b"<!doctype" not in answer.content[:200].lower():
            parts[url] = len(gzip.compress(answer.content))
    assert {url: size for url, size in heavy.items() if size > COLD} == {}
    assert {url: size for url, size in parts.items() if size > PART} == {}
