"""Identity numbers and bank accounts: what is one, how it is shown, and that none stays in a text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core import secret_numbers as numbers

# The example of GB 11643-1999, clause 5, and one that ends with X.
STANDARD, WITH_X = "11010519491231002X", "440524188001010014"
CARD = "4111111111111111"
days = st.dates(date(1900, 1, 1), date(2026, 1, 1))
identities = st.builds(
    lambda area, born, order: _whole(f"{area}{born:%Y%m%d}{order:03d}"),
    st.integers(990000, 999999),
    days,
    st.integers(0, 999),
)


def _whole(first: str) -> str:
    return first + numbers.check_digit(first)


def test_the_example_of_the_standard():
    assert numbers.is_identity(STANDARD)
    assert not numbers.is_identity(WITH_X)  # born in 1880: nobody
    assert numbers.is_identity(numbers.plain(" 110105 19491231 002x "))


@given(identities, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, at, off):
    if number[at] == "X":
        wrong = number[:at] + str(off)
    else:
        wrong = number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :]
    assert numbers.is_identity(number) and not numbers.is_identity(wrong)


@given(identities)
def test_two_neighbours_changed_over_are_always_found(number):
    for at in range(16):
        turned = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert turned == number or not numbers.is_identity(turned)


def test_a_birthday_exists_and_is_not_to_come():
    assert not numbers.is_identity(_whole("99000120010229001"))
    number = _whole("99000120200229001")
    assert numbers.is_identity(number, date(2020, 2, 29))
    assert not numbers.is_identity(number, date(2020, 2, 28))


@pytest.mark.parametrize(
    ("digits", "good"),
    [
        (CARD, True),
        ("4111111111111112", False),
        ("6222021234567890128", numbers.luhn("6222021234567890128")),
        ("110012345678901", True),
        ("1100123456789012", True),  # a passbook: no common check digit
        ("12345678901", False),
        ("12345678901234567890", False),
        ("1234567890a2", False),
        ("", False),
    ],
)
def test_accounts(digits, good):
    assert numbers.is_account(digits) is good


def test_a_number_is_shown_by_its_ends():
    assert numbers.mask(STANDARD) == "110***********002X"
    assert numbers.mask(CARD) == "411*********1111"


@given(identities, st.text(max_size=20), st.text(max_size=20))
def test_no_text_keeps_one(number, before, after):
    said = numbers.hide(f"{before} {number} {after}")
    assert number not in said and numbers.mask(number) in said
    assert numbers.hide(said) == said


@pytest.mark.parametrize("text", [f"卡号{CARD}。", f"x={CARD},", "4111 1111 1111 1111", "4111-1111-1111-1111"])
def test_cards_are_found_however_they_are_spaced(text):
    assert CARD not in numbers.hide(text).replace(" ", "").replace("-", "") and numbers.holds(text)


@pytest.mark.parametrize("text", ["2026-11-22 22:13:31", "13900000001", "#1234567890123456", "no number", ""])
def test_other_numbers_stay(text):
    assert numbers.hide(text) == text and not numbers.holds(text)
