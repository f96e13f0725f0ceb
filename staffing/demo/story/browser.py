"""Somebody at a browser: a session that follows pages and sends forms."""

import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from staffing.demo.story.forms import Form, forms_of

Found = TypeVar("Found")
TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 45
PAUSE_SECONDS = 0.15


class BrokenPromise(Exception):
    """Something did not happen as promised."""


def promise(holds: object, text: str) -> None:
    """Raise `BrokenPromise` unless it holds."""
    if not holds:
        raise BrokenPromise(text)


def wait_for(what: str, look: Callable[[], Found | None]) -> Found:
    """Look again and again until something is there. Raises `BrokenPromise` when patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(PAUSE_SECONDS)
    raise BrokenPromise(f"waited {PATIENCE_SECONDS} s for {what}")


def form_to(page: requests.Response, action: str) -> Form | None:
    """The form on a page that goes to `action` ("" is the page itself), if it is there."""
    posts = (form for form in forms_of(page.text) if form.method == "post")
    here = urlsplit(page.url).path
    return next((f for f in posts if urlsplit(f.action).path == action or (not f.action and action == here)), None)


class Browser:
    """One person's session with the product."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self._address = address
        self._session = requests.Session()
        # The demo is on this machine: a proxy of the environment must not be asked.
        self._session.trust_env = False

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def get(self, path: str) -> requests.Response:
        """Open a page. Raises `BrokenPromise` unless it is there."""
        answer = self._session.get(urljoin(self._address, path), timeout=TIMEOUT_SECONDS)
        promise(answer.status_code == 200, f"{self.name} opens {path}: {answer.status_code}")
        return answer

    def find(self, path: str, action: str) -> Form | None:
        """The form on a page that goes to `action` ("" is the page itself), if it is there."""
        return form_to(self.get(path), action)

    def send(self, form: Form, page: str, **given: str) -> requests.Response:
        """Send a form found on `page`. Raises `BrokenPromise` if the product refuses it."""
        target = urljoin(urljoin(self._address, page), form.action)
        answer = self._session.post(
            target, data=form.filled(**given), headers={"Referer": target}, timeout=TIMEOUT_SECONDS
        )
        promise(answer.status_code == 200, f"{self.name} sends {form.action or page}: {answer.status_code}")
        return answer

    def do(self, page: str, action: str, **given: str) -> requests.Response:
        """Open a page, find the form to `action`, fill it and send it."""
        form = wait_for(f"a form to {action} on {page} for {self.name}", lambda: self.find(page, action))
        return self.send(form, page, **given)

    def go_on(self, page: requests.Response, action: str) -> requests.Response:
        """Send the form to `action` on a page that was just answered, as it stands there."""
        form = form_to(page, action)
        promise(form is not None, f"{self.name} finds a form to {action} on {page.url}")
        assert form is not None
        return self.send(form, urlsplit(page.url).path)

    def login(self, phone: str, password: str) -> None:
        """Log in by the form."""
        answer = self.do("/login/", "/login/", username=phone, password=password)
        promise(urlsplit(answer.url).path != "/login/", f"{self.name} logs in")
