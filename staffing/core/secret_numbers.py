"""Numbers that name a person or their money: what makes one, how it is shown, and how it is taken out of a text."""

import re
from datetime import date
from typing import Final

FIRST, LAST = 3, 4
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_IDENTITY: Final = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_ACCOUNT: Final = re.compile(r"[0-9]{12,19}", re.ASCII)
_GAPS: Final = re.compile(r"[\s\-‐–—]+")
_CARD_DIGITS: Final = range(16, 20)
# In one piece; an identity number as 6 8 4; a card in fours.
_IN_TEXT: Final = re.compile(
    r"(?<![0-9])"
    r"(?:[0-9]{15,18}[0-9Xx]|[0-9]{6}[ -][0-9]{8}[ -][0-9]{3}[0-9Xx]|(?:[0-9]{4}[ -]){3,4}[0-9]{1,4})"
    r"(?![0-9])",
    re.ASCII,
)


def plain(text: str) -> str:
    """Without gaps, full-width signs made narrow, a small x made large: how a number is compared and kept."""
    narrow = text.translate({wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)})
    return _GAPS.sub("", narrow).upper()


def check_digit(first: str) -> str:
    """The 18th sign of an identity number from its first 17 digits.

    GB 11643-1999 (公民身份号码), by ISO 7064:1983 MOD 11-2: the weights are 2^(18-i) mod 11 from the left, and the sum
    of all eighteen, ten written X, leaves 1 when divided by 11.
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def is_identity(number: str, today: date | None = None) -> bool:
    """Whether 18 signs, as `plain` writes them, are an identity number by GB 11643-1999: a birthday that exists (and
    is not after `today`) and the right check digit. Whether the area was ever given a code is not asked."""
    if not _IDENTITY.fullmatch(number) or number[17] != check_digit(number[:17]):
        return False
    born = _day(number[6:14])
    return born is not None and born.year >= 1900 and (today is None or born <= today)


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def luhn(digits: str) -> bool:
    """Whether the check digit of a card's number is right: ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * 2 if at % 2 else int(digit) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_card(digits: str) -> bool:
    """Whether the number must satisfy `luhn`: 16 to 19 digits of an issuer of cards (ISO/IEC 7812-1: 3 to 6, and 9,
    which is for national use). Accounts of passbooks and companies have no common check digit."""
    return len(digits) in _CARD_DIGITS and digits[0] in "34569"


def is_account(digits: str) -> bool:
    """Whether this, as `plain` writes it, can be a bank account: 12 to 19 digits, and a card's check digit is right."""
    return bool(_ACCOUNT.fullmatch(digits)) and (not is_card(digits) or luhn(digits))


def mask(number: str) -> str:
    """The first three and the last four signs; the rest as dots, as many as there are."""
    return f"{number[:FIRST]}{'*' * max(0, len(number) - FIRST - LAST)}{number[-LAST:]}"


def hide(text: str) -> str:
    """The text with every identity number and card number in it masked."""
    return _IN_TEXT.sub(lambda found: _hidden(found[0]), text)


def holds(text: str) -> bool:
    """Whether the text has such a number in it, however it is spaced and whether its signs are wide or narrow."""
    return any(hide(written) != written for written in (text, plain(text)))


def _hidden(found: str) -> str:
    number = plain(found)
    secret = is_identity(number) or (number.isdigit() and is_card(number) and luhn(number))
    return mask(number) if secret else found
