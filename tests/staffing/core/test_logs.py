"""No log holds the secret part of an address."""

import logging

import pytest

from staffing.core.logs import MaskedText, MaskTokens, masked, scrubbed


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/calendar/abc_-123.ics", "/calendar/-"),
        ("/s/tok.en:sig/", "/s/-/"),
        ("/join/abc/?next=/x/", "/join/-/?next=/x/"),
        ("/kiosk/abc/", "/kiosk/-/"),
        ("/apply/ey.J:sig/save/", "/apply/-/save/"),
        ("/my/shifts/3/", "/my/shifts/3/"),
        ("/my/calendar/", "/my/calendar/"),
        ("/desk/s3/", "/desk/s3/"),
    ],
)
def test_only_secrets_are_masked(path, shown):
    assert masked(f"GET {path} HTTP/1.1") == f"GET {shown} HTTP/1.1"


def test_arguments_are_masked_as_well():
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s: %s %d", ("Not Found", "/s/abc/", 3), None)
    assert MaskTokens().filter(record) and record.getMessage() == "Not Found: /s/-/ 3"


def test_an_error_report_holds_none_anywhere():
    event = {
        "request": {"headers": {"Referer": "https://agency.example/s/abc/"}},
        "breadcrumbs": {"values": [{"message": "GET /s/abc/logo/ 500"}]},
        "exception": {"values": ({"value": "no /kiosk/abc/ here"},)},
        "level": 3,
    }
    said = repr(scrubbed(event, {}))
    assert "abc" not in said
    assert said.count("/-") == 3


def test_an_error_report_leaves_the_house_without_them():
    event = {"request": {"url": "https://agency.example/calendar/abc.ics"}, "transaction": "/s/abc/"}
    assert scrubbed(event, {}) == {
        "request": {"url": "https://agency.example/calendar/-"},
        "transaction": "/s/-/",
    }


def test_numbers_that_name_a_person_are_masked_with_the_traceback():
    number = "11010519491231002X"
    try:
        raise ValueError(f"bad value {number}")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "%s", (number,), (ValueError, error, None))
    line = MaskedText().format(record)
    assert number not in line and line.count("110***********002X") == 2
    assert number not in repr(scrubbed({"exception": {"values": [{"value": number}]}}, {}))
