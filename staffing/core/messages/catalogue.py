"""The catalogue file (.po): read, merged with the sources, filled, written, compiled. Babel does the formats."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from staffing.core.messages.types import Key, Text

LANGUAGE = "en"
DOMAIN = "django"
# No dates: the file changes only when a text does.
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
# Separates the context from the text, as in compiled catalogues.
CONTEXT_MARK = "\x04"
FUZZY = "fuzzy"

Filling = Mapping[str, str | list[str]]


def po_path(root: Path) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path) -> Catalog:
    """The catalogue in the file; an empty one if there is no file."""
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, charset="utf-8")


def key_of(message: Message) -> Key:
    return message.context or "", singular_of(message)


def singular_of(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def forms(message: Message) -> list[str]:
    """The translations: one, or one for each plural form; empty strings where they are missing."""
    if not message.pluralizable:
        return [str(message.string or "")]
    strings = [str(one or "") for one in message.string] if isinstance(message.string, list | tuple) else []
    return [*strings, "", ""][:2]


def is_complete(message: Message) -> bool:
    return all(forms(message)) and not message.fuzzy


def messages_of(catalogue: Catalog) -> dict[Key, Message]:
    """Without the header."""
    return {key_of(message): message for message in catalogue if message.id}


def merge(texts: Iterable[Text], old: Catalog) -> Catalog:
    """The texts of the sources with the translations of `old`; what no source holds any more is left out."""
    known = messages_of(old)
    merged = Catalog(locale=LANGUAGE, charset="utf-8")
    for key, group in groupby(sorted(texts, key=_order), key=lambda one: one.key):
        _add(merged, list(group), known.get(key))
    return merged


def _order(text: Text) -> tuple[Key, bool, str]:
    """Equal texts together, one with a plural first: its entry serves the plain one too."""
    return text.key, text.plural is None, text.file


def _add(catalogue: Catalog, group: Sequence[Text], known: Message | None) -> None:
    context, singular = group[0].key
    plural = group[0].plural
    message = catalogue.add(
        singular if plural is None else (singular, plural),
        locations=[(file, 0) for file in sorted({text.file for text in group})],
        context=context or None,
    )
    if known is not None:
        _set(message, forms(known))
        message.flags |= known.flags & {FUZZY}


def _set(message: Message, given: str | Sequence[str]) -> None:
    """Takes one translation or one for each form; a single one serves every form."""
    strings = [given] if isinstance(given, str) else list(given)
    message.flags.discard(FUZZY)
    message.string = (strings * 2)[:2] if message.pluralizable else strings[0]


def fill(catalogue: Catalog, filling: Filling) -> list[str]:
    """Puts translations in; a filled entry is no longer fuzzy. Returns the keys that no message has."""
    by_name = {name_of(message): message for message in catalogue if message.id}
    for name in filling.keys() & by_name.keys():
        _set(by_name[name], filling[name])
    return sorted(filling.keys() - by_name.keys())


def missing(catalogue: Catalog) -> dict[str, str | list[str]]:
    """What still needs a translator, in the form that `fill` takes, with what is there so far."""
    return {
        name_of(message): forms(message) if message.pluralizable else forms(message)[0]
        for message in catalogue
        if message.id and not is_complete(message)
    }


def name_of(message: Message) -> str:
    context, singular = key_of(message)
    return f"{context}{CONTEXT_MARK}{singular}" if context else singular


def write(catalogue: Catalog, path: Path) -> bool:
    """Writes the file if that changes it; says whether it did."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return _replace(path, HEADER.encode() + buffer.getvalue())


def compile_all(root: Path) -> list[Path]:
    """Compiles every catalogue of the project to the .mo file beside it; fuzzy entries are left out."""
    compiled = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        buffer = BytesIO()
        with path.open("rb") as file:
            write_mo(buffer, read_po(file, locale=path.parent.parent.name))
        _replace(path.with_suffix(".mo"), buffer.getvalue())
        compiled.append(path.with_suffix(".mo"))
    return compiled


def _replace(path: Path, content: bytes) -> bool:
    """Swaps the file in one step: a running server may be reading it."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
    return True
