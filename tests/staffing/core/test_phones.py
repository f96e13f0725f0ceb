import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core.phones import InvalidPhoneError, is_valid, mask, normalise

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+8613812345678",
        "+86 138 1234 5678",
        "0086-13812345678",
        "8613812345678",
        "(+86)138.1234.5678",
        "１３８１２３４５６７８",
        "＋８６ １３８－１２３４－５６７８",
        "\u202d138\u200b1234 5678\u202c",
    ],
)
def test_one_written_form(text: str) -> None:
    assert normalise(text) == "13812345678"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12812345678",
        "1381234567",
        "138123456789",
        "+85213812345678",
        "010-12345678",
        "1381234567a",
        "١٣٨١٢٣٤٥٦٧٨",
        "13812345678\n13812345679",
    ],
)
def test_what_is_no_mainland_mobile_is_refused(text: str) -> None:
    assert not is_valid(text)
    with pytest.raises(InvalidPhoneError) as refused:
        normalise(text)
    assert text == "" or text not in str(refused.value)


def test_the_mask_hides_the_middle() -> None:
    assert mask("+86 138 1234 5678") == "138****5678"


@given(phone=mobiles, split=st.integers(1, 10), prefix=st.sampled_from(["", "+86", "86 ", "0086-"]))
def test_every_way_of_writing_gives_the_number(phone: str, split: int, prefix: str) -> None:
    written = f"{prefix}{phone[:split]} {phone[split:]}"
    assert normalise(written) == normalise(written.translate(FULL_WIDTH)) == phone


@given(text=st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    assert not is_valid(text) or len(normalise(text)) == 11
