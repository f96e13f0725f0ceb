"""Mainland mobile numbers: one written form for login, search and de-duplication. Pure."""

import re
import unicodedata

MOBILE = re.compile(r"^1[3-9][0-9]{9}$")
COUNTRY_CODE = re.compile(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)")
# What people and address books put between the digits.
SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−.·()]+")
INVISIBLE = "Cf"
HIDDEN = slice(3, 7)


class InvalidPhoneError(ValueError):
    """The text is not a mainland mobile number. The text itself is kept out of the message: it is personal data."""


def normalise(text: str) -> str:
    """Eleven ASCII digits from what was typed or pasted: full-width, +86, 0086, spaces, hyphens, invisible marks.

    InvalidPhoneError if what is left is not a mainland mobile number.
    """
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != INVISIBLE)
    digits = COUNTRY_CODE.sub("", SEPARATORS.sub("", visible))
    if not MOBILE.fullmatch(digits):
        raise InvalidPhoneError("not a mainland mobile number")
    return digits


def is_valid(text: str) -> bool:
    """Whether `normalise` would accept the text."""
    try:
        normalise(text)
    except InvalidPhoneError:
        return False
    return True


def mask(phone: str) -> str:
    """`138****1234`, for pages and logs. InvalidPhoneError as in `normalise`."""
    digits = normalise(phone)
    return f"{digits[: HIDDEN.start]}****{digits[HIDDEN.stop :]}"
