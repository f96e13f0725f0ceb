"""Amounts of money: Decimal CNY to the fen, rounded in one named way. No Django here: pure packages import it."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
MINUTES_PER_HOUR = 60

# Chinese payroll and invoices round 四舍五入; banker's rounding would differ from what a payee works out by hand.
ROUNDING = ROUND_HALF_UP
# Far more digits than any amount needs, so that a tie is still a tie when it reaches the rounding.
PRECISION = 50

Amount = Decimal | int | str


def exact(value: Amount) -> Decimal:
    """The value as a Decimal, unrounded. TypeError for a float or bool, ValueError for a number that is not finite."""
    if isinstance(value, bool | float):
        raise TypeError(f"money is never a {type(value).__name__}: pass a Decimal, int or str")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not an amount: {value!r}")
    return number


def cny(value: Amount) -> Decimal:
    """CNY with exactly two places, half a fen away from zero (`ROUNDING`)."""
    with localcontext(prec=PRECISION):
        return exact(value).quantize(FEN, rounding=ROUNDING)


def with_percent(rate: Amount, percent: Amount) -> Decimal:
    """`rate` raised by `percent` (20 means +20 %), unrounded."""
    with localcontext(prec=PRECISION):
        return exact(rate) * (100 + exact(percent)) / 100


def for_minutes(rate_per_hour: Amount, minutes: Amount) -> Decimal:
    """CNY for `minutes` at `rate_per_hour` (CNY/h), rounded once, at the end. ValueError for negative minutes."""
    duration = exact(minutes)
    if duration < 0:
        raise ValueError("minutes must not be negative")
    with localcontext(prec=PRECISION):
        return cny(exact(rate_per_hour) * duration / MINUTES_PER_HOUR)
