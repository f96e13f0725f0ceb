"""Every page of every role in Chromium: no breach, error or failed request, axe clean in light and dark, and nothing
cut off, overlapping or wider than the screen at three widths with the longest texts of both languages.
"""

from collections.abc import Callable
from itertools import chain

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page

from staffing.core.models import Role, User
from tests.fixtures.agency import NOW
from tests.frontend.pages import Scene, lengthen, page_urls, scene
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations, violations_in_the_dark

ROLES = [*Role.values, "nobody"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHOLE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
MEASURE = """() => {
  const visible = (e) => e.clientWidth && e.clientHeight && getComputedStyle(e).visibility !== "hidden";
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}.${[...e.classList].join(".")} "${
    (e.textContent || "").trim().replace(/\\s+/g, " ").slice(0, 24)}"`;
  const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const hides = (e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX);
  const passed = "svg, svg *, .visually-hidden, .visually-hidden *, thead, select, input, textarea, option";
  const root = document.documentElement;
  const main = document.querySelector("main") || document.body;
  const all = [...main.querySelectorAll("*")].filter((e) => !e.matches(passed) && visible(e));
  const found = [];
  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) found.push(`wider than the screen by ${over}`);
  for (const e of all) {
    if (hides(e) && e.scrollWidth > e.clientWidth + 1) found.push(`cut off: ${name(e)}`);
    const style = getComputedStyle(e);
    const scrolls = ["auto", "scroll"].includes(style.overflowX) || style.display === "inline";
    if (speaks(e) && !hides(e) && !scrolls && e.scrollWidth > e.clientWidth + 1) found.push(`runs out: ${name(e)}`);
  }
  const flows = (e) => ["static", "relative"].includes(getComputedStyle(e).position)
    && getComputedStyle(e).display !== "inline";
  for (const parent of all.concat(main)) {
    const boxes = [...parent.children].filter((e) => !e.matches(passed) && visible(e) && flows(e))
      .map((e) => [e, e.getBoundingClientRect()]);
    boxes.forEach(([a, ra], i) => boxes.slice(i + 1).forEach(([b, rb]) => {
      const wide = Math.min(ra.right, rb.right) - Math.max(ra.left, rb.left);
      const high = Math.min(ra.bottom, rb.bottom) - Math.max(ra.top, rb.top);
      if (wide > 1.5 && high > 1.5) found.push(`overlap: ${name(a)} / ${name(b)}`);
    }));
  }
  return [...new Set(found)].slice(0, 8);
}"""


# Right after a change of width a box may still have the measures of before.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def found(transactional_db: None):
    with time_machine.travel(NOW, tick=True):
        yield scene()


def boxes(page: Page) -> list[str]:
    """What does not fit, at each of the widths."""
    told = []
    for width, height in (DESK, TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        told += [f"{width}: {each}" for each in page.evaluate(MEASURE)]
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return told


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_clean_and_fits(
    found: Scene, live_server, open_page: Callable[..., Page], role: str, language: str
) -> None:
    lengthen(language == "en")
    User.objects.update(language=language)
    page, told = open_page(), []
    cookies = {settings.SESSION_COOKIE_NAME: found.session(role), settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items() if v])
    problems = open_page.watches[-1].problems  # type: ignore[attr-defined]
    for url in page_urls(found, role):
        page.goto(url)
        faults = [axe_violations(page, WHOLE), violations_in_the_dark(page)] if language == "zh-hans" else []
        faults.append(boxes(page))
        told += [f"{url} {each}" for each in (*chain(*faults), *problems)]
        problems.clear()
    assert told == [], "\n".join(told)
