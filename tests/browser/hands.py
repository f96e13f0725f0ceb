"""By mouse, or by the keyboard alone: a story in a browser is written once and played by both hands."""

import re
from collections.abc import Callable
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

FOCUSED = "(element) => element === document.activeElement"
FOCUS_NEAR = """(element) => element === document.activeElement
  || element.name && element.name === document.activeElement.name"""
MOST_TABS = 160
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A page that is left while a part of it loads says so in the console.
LEFT_BEHIND = "htmx:(afterRequest|sendAbort)"
OpenPage = Callable[..., Page]


class Hands(Protocol):
    """How somebody works with a page."""

    page: Page

    def press(self, part: Locator) -> None:
        """Press a button, follow a link, open what is folded."""

    def choose(self, part: Locator) -> None:
        """Choose one of several, or tick a box."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text in place of what a field holds."""


class Mouse:
    """Points at things; types only words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, part: Locator) -> None:
        """By a click."""
        part.click()

    def choose(self, part: Locator) -> None:
        """By a click; the box itself may be covered by its card."""
        part.check(force=True)

    def write(self, field: Locator, text: str) -> None:
        """By a click and typing."""
        field.click()
        field.press("ControlOrMeta+a")
        self.page.keyboard.type(text)


class Keyboard:
    """Has no mouse: goes on by Tab, presses Enter and Space, walks with the arrows."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, part: Locator, reached: str = FOCUSED) -> None:
        """Press Tab until the part has the focus."""
        expect(part).to_be_attached()
        for _ in range(MOST_TABS):
            if part.evaluate(reached):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{part} is not reached by the Tab key")

    def press(self, part: Locator) -> None:
        """By Enter."""
        self.reach(part)
        self.page.keyboard.press("Enter")

    def choose(self, part: Locator) -> None:
        """By Space; among radio buttons by the arrows, since Tab comes to one of them alone."""
        if part.get_attribute("type") != "radio":
            self.reach(part)
            self.page.keyboard.press("Space")
            return
        self.reach(part, FOCUS_NEAR)
        while not part.evaluate(FOCUSED):
            self.page.keyboard.press("ArrowDown")
        if not part.is_checked():
            self.page.keyboard.press("Space")
        expect(part).to_be_checked()

    def write(self, field: Locator, text: str) -> None:
        """By typing over it."""
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)


def button(page: Page, name: str) -> Locator:
    """A button of this name, whatever else it says to those who hear the page."""
    return page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))


def sign_in(hands: Hands, phone: str, password: str) -> None:
    """By the login page, as everybody does."""
    page = hands.page
    page.goto("/login/")
    hands.write(page.get_by_label("手机号"), phone)
    hands.write(page.locator("input[type=password]"), password)
    hands.press(page.get_by_role("button", name="登录", exact=True))
    expect(page.locator("h1")).to_be_visible()


def within_the_screen(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate(OVERFLOW) <= 0, page.url
