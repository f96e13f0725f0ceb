"""The changing code of a place, for every secret and every moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orders import codes

secrets = st.text("0123456789abcdef", min_size=64, max_size=64)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(secrets, moments, st.floats(0, 59.999))
def test_a_code_holds_for_its_minute_and_the_next(secret: str, moment: datetime, seconds: float) -> None:
    code = codes.code_at(secret, moment)
    begins = datetime.fromtimestamp(codes.step_of(moment) * 60, UTC)
    assert len(code) == 6 and code.isdigit()
    for minute in (0, 1):
        assert codes.holds(secret, code, begins + timedelta(minutes=minute, seconds=seconds))


@given(secrets, moments)
def test_a_code_is_shown_until_its_minute_ends(secret: str, moment: datetime) -> None:
    left = codes.seconds_left(moment)
    assert 1 <= left <= 60
    assert codes.code_at(secret, moment + timedelta(seconds=left - 1)) == codes.code_at(secret, moment)
    assert codes.step_of(moment + timedelta(seconds=left)) == codes.step_of(moment) + 1


@given(secrets, moments, st.integers(2, 3))
def test_old_and_coming_codes_do_not_hold(secret: str, moment: datetime, minutes: int) -> None:
    now = {codes.code_at(secret, moment - timedelta(minutes=back)) for back in (0, 1)}
    old = codes.code_at(secret, moment - timedelta(minutes=minutes))
    coming = codes.code_at(secret, moment + timedelta(minutes=minutes - 1))
    assert codes.holds(secret, old, moment) == (old in now)
    assert codes.holds(secret, coming, moment) == (coming in now)


def test_codes_differ_from_minute_to_minute_and_from_place_to_place() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    shown = [codes.code_at("a" * 64, start + timedelta(minutes=n)) for n in range(1000)]
    assert len(set(shown)) > 990
    assert codes.code_at("b" * 64, start) != shown[0]


@given(moments, st.text(max_size=12))
def test_nothing_typed_at_random_fails_and_without_a_secret_nothing_holds(moment: datetime, typed: str) -> None:
    assert codes.holds("a" * 64, typed, moment) in (True, False)
    assert not codes.holds("", codes.code_at("", moment), moment)


def test_digits_may_be_typed_with_spaces() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    code = codes.code_at("a" * 64, moment)
    assert codes.holds("a" * 64, f" {code[:3]} {code[3:]} ", moment)
    assert not codes.holds("a" * 64, code[:5], moment)
