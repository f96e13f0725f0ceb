"""Translatable and hard-coded texts in Python source, read from its syntax tree."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from staffing.core.messages.types import CJK, DATA_MARK, OWN_SCRIPT, Extract, Finding, Text


class Call(NamedTuple):
    """At which positions a gettext function takes its texts."""

    context: int | None
    singular: int
    plural: int | None


PLAIN, PLURAL = Call(None, 0, None), Call(None, 0, 1)
CONTEXT, CONTEXT_PLURAL = Call(0, 1, None), Call(0, 1, 2)
FUNCTIONS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}


def extract(source: str, file: str) -> Extract:
    """Texts and findings of one module. A module that cannot be parsed is a finding."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return Extract(findings=[Finding(file, error.lineno or 1, "syntax", error.msg)])
    functions = _functions(tree)
    used: set[int] = set()
    texts = [
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (call := functions.get(_name(node.func)))
        for text in _texts(node, call, file, used)
    ]
    return Extract(texts, list(_hard_coded(tree, source, file, used)))


def _functions(tree: ast.Module) -> dict[str, Call]:
    """The gettext functions by the names this module gives them."""
    aliases = {
        alias.asname: FUNCTIONS[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in FUNCTIONS
    }
    return FUNCTIONS | aliases


def _name(function: ast.expr) -> str:
    """`f` of both `f(…)` and `module.f(…)`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(node: ast.Call, call: Call, file: str, used: set[int]) -> Iterator[Text]:
    """The text of one call, if it is written out; its literals are noted in `used`."""
    found: dict[int, str] = {}
    positions = [position for position in call if position is not None]
    for position in positions:
        argument = node.args[position] if position < len(node.args) else None
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            return
        found[position] = argument.value
    used.update(id(node.args[position]) for position in positions)
    context = "" if call.context is None else found[call.context]
    plural = None if call.plural is None else found[call.plural]
    yield Text(context, found[call.singular], plural, file, node.lineno)


def _hard_coded(tree: ast.Module, source: str, file: str, used: set[int]) -> Iterator[Finding]:
    """Chinese literals that no translation call wraps; docstrings and marked data aside."""
    allowed = used | _docstrings(tree)
    data = _data_lines(tree, source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in allowed:
            continue
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if CJK.search(node.value) and node.value not in OWN_SCRIPT and data.isdisjoint(lines):
            yield Finding(file, node.lineno, "hard-coded", node.value)


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that stand alone: docstrings of modules, classes, functions and attributes."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _data_lines(tree: ast.Module, source: str) -> set[int]:
    """Lines marked as data, with the whole of a simple statement whose first line is marked."""
    marked = {number for number, line in enumerate(source.splitlines(), 1) if DATA_MARK in line}
    if not marked:
        return marked
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and node.lineno in marked:
            marked.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return marked
