"""How sure a mean is: Student's interval of a sample, pure arithmetic."""

from math import sqrt
from typing import Final

# Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods,
# section 1.3.6.7.2).
T_95: Final = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
# Of the normal distribution, which Student's becomes with many rows.
Z_95: Final = 1.959964


def point(freedom: int) -> float:
    """The 95 % point for so many degrees of freedom; above the table the normal's with two corrections.

    Cornish and Fisher (Abramowitz and Stegun, 26.7.5): t ≈ z + (z³ + z) / 4f + (5z⁵ + 16z³ + 3z) / 96f². Raises
    ValueError below one.
    """
    if freedom < 1:
        raise ValueError("a mean of one row has no interval")
    if freedom <= len(T_95):
        return T_95[freedom - 1]
    first, second = (Z_95**3 + Z_95) / 4, (5 * Z_95**5 + 16 * Z_95**3 + 3 * Z_95) / 96
    return Z_95 + first / freedom + second / freedom**2


def of_mean(n: int, mean: float, spread: float, *, least: float, most: float) -> tuple[float, float] | None:
    """The 95 % interval of a mean of `n` rows with this sample standard deviation, within what is possible at all.

    None for fewer than two rows.
    """
    if n < 2:
        return None
    half = point(n - 1) * spread / sqrt(n)
    return max(least, mean - half), min(most, mean + half)
