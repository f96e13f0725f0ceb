"""Chromium for tests: pages that fail the test on any script error, failed request or breach of the content policy."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

# Playwright's own browser wants a sandbox that root does not get; the rest keeps Chromium from calling home.
LAUNCH_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, TABLET, DESK = (390, 844), (768, 1024), (1440, 900)
WHOLE: Mapping[str, Any] = {"resultTypes": ["violations"]}
# Only colours differ between the themes.
COLOURS: Mapping[str, Any] = {**WHOLE, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Colours glide from theme to theme; they are judged when they stand.
_COLOURS_STAND = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  // What inherits its colour begins to glide when its parent has arrived.
  for (let still = 0, looks = 0; still < 3 && looks < 20; looks += 1) {
    // What turns without end has no colour to arrive at.
    const running = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(running.map((each) => each.finished));
    await new Promise((done) => requestAnimationFrame(done));
    still = running.length ? 0 : still + 1;
  }
}"""
# What a part that has yet to arrive covers or moves is not judged by how it stood before.
_ARRIVED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
_TELL_BREACHES = """document.addEventListener("securitypolicyviolation", (event) =>
  window.tellBreach(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


# The shell opens a page with a third of the work of the whole browser, which draws windows that nobody sees.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium(playwright: Playwright) -> str | None:
    """Return the path of the system's Chromium, or of the one that Playwright installed, or None."""
    for program in PROGRAMS:
        if (found := shutil.which(program)) is not None:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def launch_args(path: str | None) -> dict[str, Any]:
    """Return how to launch the Chromium at `path`; without one skip, but fail where CI=true promises one."""
    if path is not None:
        return {"executable_path": path, "args": list(LAUNCH_ARGS)}
    reason = "no Chromium: install the system's, or run `playwright install chromium`"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser_type_launch_args(playwright: Playwright) -> dict[str, Any]:
    """Tell pytest-playwright which Chromium to launch, and how."""
    return launch_args(find_chromium(playwright))


@dataclass
class Watch:
    """Collects what went wrong in a page. `allow`: regular expressions of what the test provokes on purpose."""

    allow: Sequence[str] = ()
    problems: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listen to everything that a clean page never emits."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._add(f"script error: {error}"))
        page.on("requestfailed", self._request)
        page.on("response", self._response)

    def breach(self, _source: object, text: str) -> None:
        """Record a breach of the content security policy."""
        self._add(f"content policy: {text}")

    def _console(self, message: ConsoleMessage) -> None:
        # A failed load is reported by its response, with address and status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._add(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        # A navigation away ends what is still under way; that is no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self._add(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._add(f"{response.status} {response.request.method} {response.url}")

    def _add(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self.allow):
            self.problems.append(text)


@dataclass
class Pages:
    """Opens pages, each in a context of its own (its own cookies)."""

    browser: Browser
    base_url: str
    watches: list[Watch] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        *,
        size: tuple[int, int] = DESK,
        theme: Literal["light", "dark"] = "light",
        locale: str = "zh-CN",
        allow: Sequence[str] = (),
        **options: Any,
    ) -> Page:
        """Open an empty page. `size`: CSS pixels, below 600 wide a phone with touch; `options`: of the context."""
        width, height = size
        # Only a test about it has a service worker: it would fetch its files beside every other test.
        options = {"service_workers": "block", "timezone_id": "Asia/Shanghai"} | options
        phone = width < 600
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=locale,
            base_url=self.base_url,
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
            **options,
        )
        watch = Watch(allow)
        context.expose_binding("tellBreach", watch.breach)
        context.add_init_script(_TELL_BREACHES)
        page = context.new_page()
        watch.attach(page)
        self.watches.append(watch)
        self.contexts.append(context)
        return page

    def problems(self) -> list[str]:
        """Return what went wrong in any of the pages."""
        return [problem for watch in self.watches for problem in watch.problems]

    def close(self) -> None:
        """Close every page with its context."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Return a factory of pages; relative addresses go to `live_server` where the test uses it."""
    base_url = request.getfixturevalue("live_server").url if "live_server" in request.fixturenames else ""
    pages = Pages(browser, base_url)
    yield pages
    pages.close()
    assert pages.problems() == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page at desk size in Chinese and light colours, watched like all others."""
    return open_page()


def axe_violations(page: Page, options: Mapping[str, Any] = WHOLE) -> list[str]:
    """Return the accessibility rules that the page breaks: rule, weight, and the selectors of the elements."""
    page.wait_for_function(_ARRIVED)
    found = Axe().run(page, options=dict(options)).response["violations"]
    return [f"{each['id']} ({each['impact']}): {[node['target'] for node in each['nodes']]}" for each in found]


def violations_in_the_dark(page: Page) -> list[str]:
    """Return the rules about colours that the page breaks when the system turns dark; it is light again afterwards."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(_COLOURS_STAND)
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    told = axe_violations(page, COLOURS)
    page.emulate_media(color_scheme="light")
    page.evaluate(_COLOURS_STAND)
    return [f"dark: {each}" for each in told]


def violations_in_both_lights(page: Page) -> list[str]:
    """Return every rule that a light page breaks, and those about colours that it breaks in the dark."""
    return axe_violations(page) + violations_in_the_dark(page)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that opens a page, so that `-m browser` finds them all."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
