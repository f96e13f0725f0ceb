import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/a.html").write_text('{% translate "姓名" %}', encoding="utf-8")
    settings.BASE_DIR = tmp_path
    return tmp_path


def test_update_then_check_fails_with_what_is_missing(project: Path) -> None:
    out = StringIO()
    call_command("messages", stdout=out)
    with pytest.raises(SystemExit, match="1"):
        call_command("messages", check=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "1 texts, 1 missing, catalogue written",
        "templates/a.html:1: missing: 姓名",
        "1 findings",
    ]


def test_filled_compiled_and_whole_in_one_go(project: Path) -> None:
    (project / "fill.json").write_text('{"姓名": "Name"}', encoding="utf-8")
    out = StringIO()
    call_command("messages", fill=project / "fill.json", compile=True, check=True, stdout=out)
    assert out.getvalue().splitlines()[-2:] == ["locale/en/LC_MESSAGES/django.mo compiled", "translations are whole"]


def test_the_tool_runs_before_there_are_settings() -> None:
    """An installation compiles before it is configured, so no environment variable may be needed."""
    ran = subprocess.run(
        [sys.executable, "-m", "staffing.core.messages", "--help"],
        env={},
        cwd=Path(__file__).parents[5],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "--compile" in ran.stdout
