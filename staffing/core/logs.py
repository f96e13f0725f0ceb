"""What must not stand in a log: the secret part of an address that works without a login, and numbers that name a
person or their money."""

import logging
import re
from typing import Any, Final

from staffing.core import secret_numbers

_SECRET: Final = re.compile(r"(?<=/)(s|join|apply|calendar|kiosk|verify)/[^/\s?\"']+")


def masked(text: str) -> str:
    """The text with every secret part of an address replaced by a dash, and numbers masked."""
    return secret_numbers.hide(_SECRET.sub(r"\1/-", text))


class MaskedText(logging.Formatter):
    """Masks a whole line with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """As the standard formatter, masked."""
        return masked(super().format(record))


class MaskTokens(logging.Filter):
    """Masks a record's message and arguments; lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        record.msg = masked(record.msg) if isinstance(record.msg, str) else record.msg
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """An error report as it may leave the house, `before_send` of the error tracker: every text in it masked."""
    return _scrubbed(event)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _scrubbed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_scrubbed(inner) for inner in value)
    return value
