"""The changing code of a place: six digits that hold for one minute, made from its secret and the time. Pure.

As in RFC 4226 and RFC 6238 (HOTP, TOTP), with SHA-256 and steps of one minute.
"""

import hmac
from datetime import datetime
from hashlib import sha256

STEP_SECONDS = 60
DIGITS = 6
# This minute's and the one before: between showing, scanning and the answer a minute may end.
ACCEPTED_STEPS = 2


def code_at(secret: str, moment: datetime) -> str:
    """The six digits that the screen shows at `moment` (aware)."""
    return _code(secret, step_of(moment))


def step_of(moment: datetime) -> int:
    """Whole minutes since the epoch."""
    return int(moment.timestamp()) // STEP_SECONDS


def seconds_left(moment: datetime) -> int:
    """How long this minute's code is still shown: 1…60."""
    return STEP_SECONDS - int(moment.timestamp()) % STEP_SECONDS


def holds(secret: str, typed: str, moment: datetime) -> bool:
    """Whether the digits are those of this minute or the one before; spaces do not matter. False without a secret."""
    digits = "".join(typed.split())
    if not secret or not (digits.isascii() and digits.isdigit()):
        return False
    step = step_of(moment)
    return any(hmac.compare_digest(_code(secret, step - back), digits) for back in range(ACCEPTED_STEPS))


def _code(secret: str, step: int) -> str:
    """Dynamic truncation, RFC 4226 section 5.3."""
    digest = hmac.new(secret.encode(), step.to_bytes(8, "big"), sha256).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
