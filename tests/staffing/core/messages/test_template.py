from pathlib import Path

import pytest
from django.template import Context, Engine
from django.utils import translation
from pytest_django import Settings

from staffing.core.messages import catalogue
from staffing.core.messages.template import extract
from staffing.core.messages.types import Text


def texts(source: str) -> list[tuple[str, str, str | None]]:
    return [(text.context, text.singular, text.plural) for text in extract(source, "a.html").texts]


def findings(source: str) -> list[tuple[int, str]]:
    return [(one.line, one.kind) for one in extract(source, "a.html").findings]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "甲" %}', ("", "甲", None)),
        ("{% trans '甲' as title %}", ("", "甲", None)),
        ('{% translate "订" context "动词" %}', ("动词", "订", None)),
        ('{% translate "满 80% 了"|upper %}', ("", "满 80%% 了", None)),
        ('{{ _("甲")|upper }}', ("", "甲", None)),
        ('{% include "x.html" with title=_("甲") %}', ("", "甲", None)),
        ("{% blocktranslate %}第 {{ n }} 页，50%{% endblocktranslate %}", ("", "第 %(n)s 页，50%%", None)),
        ("{% blocktranslate trimmed %}\n  甲\n  乙\n{% endblocktranslate %}", ("", "甲 乙", None)),
        (
            '{% blocktrans count n=all|length context "人" %}{{ n }} 人{% plural %}{{ n }} 位{% endblocktrans %}',
            ("人", "%(n)s 人", "%(n)s 位"),
        ),
    ],
)
def test_each_way_to_translate(source: str, expected: tuple[str, str, str | None]) -> None:
    assert texts(source) == [expected]
    assert findings(source) == []


def test_a_text_bound_inside_a_block_is_found_too() -> None:
    source = '{% blocktranslate with a=_("甲") %}{{ a }}乙{% endblocktranslate %}'
    assert sorted(texts(source)) == [("", "%(a)s乙", None), ("", "甲", None)]


def test_hard_coded_chinese_is_found_on_its_line() -> None:
    source = '<p>\n甲</p>\n{{ x|default:"乙" }}\n{% include "a" with b="丙" %}\n<b>：</b>'
    assert findings(source) == [(2, "hard-coded"), (3, "hard-coded"), (4, "hard-coded"), (5, "hard-coded")]


def test_comments_and_marked_lines_are_left_alone() -> None:
    source = "{# 注释 #}{% comment %}甲 {% translate '乙' %}{% endcomment %}\n<span>中文</span>{# i18n: data #}"
    assert (texts(source), findings(source)) == ([], [])


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktranslate %}{{ order.title }}{% endblocktranslate %}",
        "{% blocktranslate %}{{ n|floatformat }}{% endblocktranslate %}",
        "{% blocktranslate %}{% if a %}甲{% endif %}{% endblocktranslate %}",
        "{% blocktranslate %}甲",
    ],
)
def test_what_django_would_refuse_or_leave_empty_is_found(source: str) -> None:
    assert "syntax" in {kind for _line, kind in findings(source)}


PAGE = """{% load i18n %}{% translate "满 80% 了" %}|{% translate "订" context "动词" %}|{{ _("甲") }}|
{% blocktranslate trimmed %}
  第 {{ n }} 页，
  50%
{% endblocktranslate %}|{% blocktranslate count m=n %}{{ m }} 人{% plural %}{{ m }} 人{% endblocktranslate %}"""


def test_django_looks_up_what_was_extracted(tmp_path: Path, settings: Settings) -> None:
    """Every text of a page is numbered in a compiled catalogue; the page then shows the numbers alone."""
    found: list[Text] = extract(PAGE, "a.html").texts
    merged = catalogue.merge(found, catalogue.read(tmp_path / "none.po"))
    for number, name in enumerate(sorted(catalogue.missing(merged))):
        catalogue.fill(merged, {name: f"<{number}>"})
    catalogue.write(merged, catalogue.po_path(tmp_path))
    catalogue.compile_all(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"}, autoescape=False)
    with translation.override("en"):
        shown = engine.from_string(PAGE).render(Context({"n": 2}))
    assert sorted(shown.replace("\n", "").split("|")) == ["<0>", "<1>", "<2>", "<3>", "<4>"]


def test_the_source_language_needs_no_catalogue(settings: Settings) -> None:
    assert translation.check_for_language(settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        assert translation.gettext("派单台") == "派单台"
        assert translation.ngettext("%(n)s 人", "%(n)s 人", 1) == "%(n)s 人"
        assert "必填" in translation.gettext("This field is required.")
