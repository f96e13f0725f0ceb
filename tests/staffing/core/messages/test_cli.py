import gettext
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from staffing.core.messages.catalogue import po_path
from staffing.core.messages.check import placeholders
from staffing.core.messages.cli import Options, run

MODULE = """
from django.utils.translation import gettext as _, ngettext
A = _("派单台")
B = ngettext("%(n)s 人", "%(n)s 人", 2)
"""
WHOLE: dict[str, str | list[str]] = {
    "派单台": "Dispatch desk",
    "%(n)s 人": ["%(n)s person", "%(n)s people"],
    "姓名": "Name",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in {
        "orders/__init__.py": "",
        "orders/views.py": MODULE,
        "orders/migrations/0001.py": 'A = "迁移"',
        "staffing/__init__.py": "",
        "staffing/demo/names.py": 'A = "王小明"',
        "templates/a.html": '{% translate "姓名" %}',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def check(project: Path) -> tuple[int, list[str]]:
    lines: list[str] = []
    return run(project, Options(check=True), lines.append), lines[:-1]


def fill(project: Path, filling: Mapping[str, object]) -> list[str]:
    lines: list[str] = []
    file = project / "fill.json"
    file.write_text(json.dumps(filling), encoding="utf-8")
    run(project, Options(fill=file), lines.append)
    return lines


def test_missing_then_filled_then_whole(project: Path) -> None:
    assert check(project)[0] == 1
    run(project, Options(missing=project / "missing.json"), str)
    missing = json.loads((project / "missing.json").read_text(encoding="utf-8"))
    assert missing == {"派单台": "", "%(n)s 人": ["", ""], "姓名": ""}
    fill(project, WHOLE)
    assert check(project) == (0, [])


def test_compiled_texts_are_found_at_run_time(project: Path) -> None:
    fill(project, WHOLE)
    run(project, Options(compile=True), str)
    english = gettext.translation("django", project / "locale", ["en"])
    assert english.gettext("派单台") == "Dispatch desk"
    assert [english.ngettext("%(n)s 人", "%(n)s 人", n) for n in (1, 2)] == ["%(n)s person", "%(n)s people"]


def test_an_update_keeps_translations_drops_the_obsolete_and_rests_when_nothing_changed(project: Path) -> None:
    fill(project, WHOLE)
    (project / "templates/a.html").write_text('{% translate "电话" %}', encoding="utf-8")
    assert check(project) == (
        1,
        ["locale/en/LC_MESSAGES/django.po:17: obsolete: 姓名", "templates/a.html:1: missing: 电话"],
    )
    run(project, Options(), str)
    written = po_path(project).read_text(encoding="utf-8")
    assert "Dispatch desk" in written
    assert "姓名" not in written
    lines: list[str] = []
    run(project, Options(), lines.append)
    assert lines == ["3 texts, 1 missing, catalogue unchanged"]


def test_unknown_keys_of_a_filling_are_named(project: Path) -> None:
    assert fill(project, {"没有": "none"})[0] == "not in the sources, left out: 没有"


def test_a_context_keeps_texts_apart(project: Path) -> None:
    (project / "templates/a.html").write_text(
        '{% translate "订" %}{% translate "订" context "动词" %}', encoding="utf-8"
    )
    fill(project, {"订": "Order", "动词\x04订": "Book"})
    written = po_path(project).read_text(encoding="utf-8")
    assert 'msgctxt "动词"\nmsgid "订"\nmsgstr "Book"' in written
    assert 'msgid "订"\nmsgstr "Order"' in written


@pytest.mark.parametrize(
    ("filling", "kind"),
    [
        ({"%(n)s 人": ["one person", "people"]}, "placeholders differ"),
        ({"%(n)s 人": ["%(m)s person", "%(n)s people"]}, "placeholders differ"),
        ({"姓名": "Name %s"}, "placeholders differ"),
        ({"姓名": "Name："}, "still Chinese"),
        ({"姓名": ""}, "missing"),
    ],
)
def test_bad_translations_are_found(project: Path, filling: Mapping[str, object], kind: str) -> None:
    fill(project, {**WHOLE, **filling})
    status, lines = check(project)
    assert (status, [line.split(": ")[1] for line in lines]) == (1, [kind])


def test_one_person_may_go_without_the_number(project: Path) -> None:
    fill(project, WHOLE | {"%(n)s 人": ["one person", "%(n)s people"]})
    assert check(project) == (0, [])


def test_a_fuzzy_entry_is_found_until_it_is_filled(project: Path) -> None:
    fill(project, WHOLE)
    path = po_path(project)
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgid "姓名"', '#, fuzzy\nmsgid "姓名"'), encoding="utf-8"
    )
    run(project, Options(), str)
    assert check(project) == (1, ["templates/a.html:1: fuzzy: 姓名"])
    fill(project, {"姓名": "Name"})
    assert check(project) == (0, [])


def test_scripts_take_their_words_from_the_page(project: Path) -> None:
    fill(project, WHOLE)
    for name, content in {
        "static/js/a.js": "// 注释\n/* 注释 */ const a = 1;\nalert('出错');\nconst b = '甲'; // i18n: data\n",
        "static/vendor/b.js": "alert('出错')",
    }.items():
        (project / name).parent.mkdir(parents=True)
        (project / name).write_text(content, encoding="utf-8")
    assert check(project) == (1, ["static/js/a.js:3: hard-coded: alert('出错');"])


def test_two_plurals_for_one_singular_are_found(project: Path) -> None:
    fill(project, WHOLE)
    (project / "orders/b.py").write_text('ngettext("%(n)s 人", "%(n)s 位", 2)', encoding="utf-8")
    assert [line.split(": ")[1] for line in check(project)[1]] == ["two plurals"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%(a)s 和 %(b)d，50%%", {"%(a)s", "%(b)d"}),
        ("%s 和 %s", {"%s × 2"}),
        ("{name} 100%", {"{name}"}),
        ("没有", set()),
    ],
)
def test_placeholders(text: str, expected: set[str]) -> None:
    assert placeholders(text) == expected
