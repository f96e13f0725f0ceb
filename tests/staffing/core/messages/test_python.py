from textwrap import dedent

import pytest

from staffing.core.messages.python import extract
from staffing.core.messages.types import Text


def found(source: str) -> list[tuple[str, str, str | None]]:
    return [(text.context, text.singular, text.plural) for text in extract(dedent(source), "a.py").texts]


def hard_coded(source: str) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in extract(dedent(source), "a.py").findings if one.kind == "hard-coded"]


def test_every_function_and_alias() -> None:
    source = """
        from django.utils.translation import gettext as _, gettext_lazy as later, ngettext as many
        from django.utils import translation
        A = later("甲")
        def f(n): return _("乙" "丙"), many("%(n)s 人", "%(n)s 位", n), translation.pgettext("动词", "订")
        B = npgettext_lazy("钱", "一元", "多元", 3)
    """
    assert sorted(found(source)) == [
        ("", "%(n)s 人", "%(n)s 位"),
        ("", "乙丙", None),
        ("", "甲", None),
        ("动词", "订", None),
        ("钱", "一元", "多元"),
    ]


def test_line_and_file_are_kept() -> None:
    assert extract('\n_("甲")', "orders/views.py").texts == [Text("", "甲", None, "orders/views.py", 2)]


def test_chinese_outside_a_call_is_found() -> None:
    source = """
        NAME = "名称"
        x = f"共 {n} 人"
        _(f"第 {n} 页")
        _("甲" + "乙")
    """
    assert [line for line, _text in hard_coded(source)] == [2, 3, 3, 4, 4, 5, 5]


def test_docstrings_comments_and_translated_texts_are_not() -> None:
    source = '''
        """模块"""
        class A:
            """类"""
            b = _("乙")  # 注释
            """属性"""
    '''
    assert hard_coded(source) == []


def test_marked_lines_and_statements_are_data() -> None:
    source = """
        A = "甲"  # i18n: data
        B = (  # i18n: data
            "乙",
            "丙",
        )
        C = "丁"
        LANGUAGES = [("zh-hans", "简体中文")]
    """
    assert hard_coded(source) == [(7, "丁")]


@pytest.mark.parametrize("call", ["_(name)", "_()", "_(3)", "ngettext('甲', other, n)"])
def test_what_is_not_written_out_is_no_text(call: str) -> None:
    assert found(call) == []


def test_a_broken_module_is_a_finding() -> None:
    assert [one.kind for one in extract("def", "a.py").findings] == ["syntax"]
