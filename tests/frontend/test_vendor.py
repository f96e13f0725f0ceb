"""The committed browser libraries are the ones listed, and every icon that a page names is drawn."""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("staffing", "workers", "orders", "feedback")
ICON_TAG = re.compile(r'{% icon "([\w-]+)"')
ICON_ARGUMENT = re.compile(r'\bicon="([\w-]+)"|"icon": "([\w-]+)"')


@pytest.fixture(scope="module")
def vendor():
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts" / "vendor.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(vendor, tmp_path):
    return Path(shutil.copytree(vendor.VENDOR, tmp_path / "vendor"))


def test_the_committed_files_are_as_listed(vendor, capsys):
    assert vendor.main(["--check"]) == 0, capsys.readouterr().out


def test_a_changed_file_is_found(vendor, copy):
    with (copy / "htmx.min.js").open("a") as file:
        file.write("// changed")
    assert vendor.problems(copy) == ["htmx.min.js: differs from the manifest"]


def test_a_file_that_is_not_listed_is_found(vendor, copy):
    (copy / "extra.js").write_text("")
    assert vendor.problems(copy) == ["extra.js: differs from the manifest"]


def test_another_version_in_the_lock_is_found(vendor, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["packages"]["htmx.org"] = "1.0.0"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert vendor.problems(copy) == ["package-lock.json names other versions than the manifest"]


def test_source_map_comments_are_gone_and_no_address_is_locked(vendor):
    texts = [path.read_bytes() for path in vendor.VENDOR.glob("*.min.*")]
    assert len(texts) == 6
    assert not any(b"sourceMappingURL" in text for text in texts)
    assert '"resolved"' not in vendor.LOCK.read_text()


def test_every_icon_that_is_named_is_in_the_sprite(vendor):
    templates = [ROOT / "templates", *(ROOT / app for app in APPS)]
    sources = [
        path.read_text(encoding="utf-8") for root in templates for path in (*root.rglob("*.html"), *root.rglob("*.py"))
    ]
    named = {name for text in sources for name in ICON_TAG.findall(text)}
    named |= {a or b for text in sources for a, b in ICON_ARGUMENT.findall(text)}
    assert "headset" in named
    assert named - set(vendor.icon_names()) == set()
