"""What stands between the catalogue and a whole translation."""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages import Catalog, Message

from staffing.core.messages.catalogue import forms, is_complete, messages_of, singular_of
from staffing.core.messages.types import CJK, OWN_SCRIPT, Extract, Finding, Text

PLACEHOLDER = re.compile(r"%%|(%\(\w+\)[-#0+]*\d*(?:\.\d+)?[a-zA-Z])|(%[-#0+]*\d*(?:\.\d+)?[sdifrx])|(\{\w*\})")


def findings(found: Extract, catalogue: Catalog, catalogue_name: str) -> list[Finding]:
    """Everything to put right, ordered by file and line; empty when the translation is whole."""
    known = messages_of(catalogue)
    first = {text.key: text for text in reversed(found.texts)}
    result = list(found.findings)
    for key, text in first.items():
        result.extend(_text_findings(text, known.get(key)))
    for key, message in known.items():
        if key not in first:
            result.append(Finding(catalogue_name, message.lineno or 0, "obsolete", singular_of(message)))
    return sorted(result)


def _text_findings(text: Text, message: Message | None) -> Iterator[Finding]:
    def finding(kind: str, about: str = text.singular) -> Finding:
        return Finding(text.file, text.line, kind, about)

    if message is None:
        yield finding("missing")
    elif not is_complete(message):
        yield finding("fuzzy" if message.fuzzy else "missing")
    else:
        yield from (finding(kind, form) for kind, form in _form_problems(message))


def _form_problems(message: Message) -> Iterator[tuple[str, str]]:
    """Translated forms with other placeholders than their source, or with Chinese left in them."""
    sources = [str(one) for one in message.id] if message.pluralizable else [str(message.id)]
    for number, (source, form) in enumerate(zip(sources, forms(message), strict=False)):
        wanted, given = placeholders(source), placeholders(form)
        # "1 person" may be written "one person": the singular form need not name its number.
        if given - wanted or (wanted - given and not (message.pluralizable and number == 0)):
            yield "placeholders differ", form
        if CJK.search(form) and form not in OWN_SCRIPT:
            yield "still Chinese", form


def placeholders(text: str) -> frozenset[str]:
    """`%(name)s`, `%s` and `{name}` of a text; unnamed ones are counted, as their order is all they have."""
    named: set[str] = set()
    unnamed: Counter[str] = Counter()
    for match in PLACEHOLDER.finditer(text):
        by_name, by_place, braces = match.groups()
        if by_name or braces:
            named.add(by_name or braces)
        elif by_place:
            unnamed[by_place] += 1
    return frozenset(named | {f"{mark} × {number}" for mark, number in unnamed.items()})
