"""Error pages stand when nothing else does."""

import pytest
from django.template.loader import render_to_string

CODES = ["400", "403", "404", "409", "429", "500", "503"]


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_needs_no_request_user_or_database(code):
    html = render_to_string(f"{code}.html", {})
    assert f'<p class="error-code">{code}</p>' in html
    assert 'href="/"' in html
    assert "data-error-message" in html


def test_the_servers_own_words_take_the_place_of_the_standard_sentence():
    html = render_to_string("409.html", {"message": "王晓梅刚刚被派往别处。"})
    assert "王晓梅刚刚被派往别处。" in html
    assert "有人先一步处理了" not in html
