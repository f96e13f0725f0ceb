"""The house rules that a machine can hold: imports run one way, pictures are true, files and functions stay small."""

import ast
import re
import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from staffing.core import notices, outbox
from staffing.core.checks import every_view_has_an_access_rule
from staffing.core.models import Role
from staffing.shell import NAV

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["core", "workers", "orders", "feedback", "demo"]
SOURCES = ["staffing", "workers", "orders", "feedback"]


def python_files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def size(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_relations_point_downwards_only() -> None:
    """String foreign keys escape the import contracts; models do not lie."""
    upwards = [
        f"{model._meta.label} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upwards == []


def test_no_file_is_longer_than_400_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in python_files() if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_functions_stay_small() -> None:
    sizes = [size(node) for _, node in functions()]
    assert statistics.median(sizes) <= 10
    giants = [f"{p.relative_to(ROOT)}:{node.name} ({size(node)})" for p, node in functions() if size(node) > 60]
    assert giants == []


def test_views_only_load_authorise_validate_call_and_respond() -> None:
    views = {f"{p.relative_to(ROOT)}:{n.name}": size(n) for p, n in functions() if "views" in p.parts}
    assert statistics.median(views.values()) <= 12
    assert {name: lines for name, lines in views.items() if lines > 30} == {}


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_way_to_every_entry(role: str) -> None:
    assert all(reverse(entry.view) for entry in NAV[role])
    # the tab bar of a phone holds five, the bar beside a desktop page seven
    assert len(NAV[role]) <= (5 if role == Role.WORKER else 7)


def test_every_view_says_who_may_open_it() -> None:
    assert every_view_has_an_access_rule(None) == []


def test_the_state_diagrams_are_true() -> None:
    call_command("states", check=True)


def test_every_notice_kind_has_words_for_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a letter says besides is made of more than names; the reports' own tests read it.
    for kind, notice in list(notices.kinds().items()):
        names = re.findall(r"%\((\w+)\)s", f"{notice.title} {notice.body}")
        data = {name: "2026-11-23T09:00:00+00:00" if name.endswith("_at") else "x" for name in names}
        monkeypatch.setitem(notices._notices, kind, replace(notice, details=None))
        said = notices.words(kind, data)
        assert said.title
        assert "2026" not in said.body, "a moment is written as people write it"
    assert outbox.topics()
