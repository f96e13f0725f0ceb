"""Reads the forms of a page as a browser would: fields with their present values, buttons, where it goes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]
NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass(slots=True)
class Form:
    """One form: `values` are what a browser would send untouched, `names` every field there is."""

    action: str
    method: str
    values: Pairs = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **given: str) -> Pairs:
        """The values with some of them typed in. KeyError for a field that the form does not have."""
        unknown = set(given) - self.names
        if unknown:
            raise KeyError(f"the form to {self.action!r} has no {sorted(unknown)}")
        return [pair for pair in self.values if pair[0] not in given] + list(given.items())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._chosen: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(have.get("action", ""), have.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, have, self._form)

    def _field(self, tag: str, have: dict[str, str], form: Form) -> None:
        name = have.get("name", "")
        if tag in ("input", "button", "select", "textarea") and name:
            form.names.add(name)
        if tag == "input" and name:
            self._input(have, form)
        elif tag == "select":
            self._select, self._chosen = name, None
        elif tag == "option" and self._select:
            form.options.setdefault(self._select, []).append(have.get("value", ""))
            if "selected" in have or self._chosen is None:
                self._chosen = have.get("value", "")
        elif tag == "textarea":
            self._area, self._text = name, []

    def _input(self, have: dict[str, str], form: Form) -> None:
        kind, name, value = have.get("type", "text"), have["name"], have.get("value", "")
        if kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(value)
            if "checked" in have:
                form.values.append((name, value))
        elif kind not in NOT_SENT:
            form.values.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            self._form.values.append((self._select, self._chosen or ""))
            self._select = ""
        elif tag == "textarea" and self._area:
            self._form.values.append((self._area, "".join(self._text).strip()))
            self._area = ""


def forms_of(html: str) -> Iterator[Form]:
    """The forms of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    yield from reader.forms
