"""Migrations may run while the version before still serves: none breaks its queries or holds a lock for long."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter

ROOT = Path(__file__).resolve().parents[2]
OURS = ("core", "workers", "orders", "feedback")


@pytest.mark.django_db
def test_migrations_are_compatible_with_the_version_before(capsys: pytest.CaptureFixture[str]) -> None:
    # The first migration of an app has no version before it.
    linter = MigrationLinter(
        str(ROOT), include_apps=OURS, no_cache=True, all_warnings_as_errors=True, ignore_initial_migrations=True
    )
    linter.lint_all_migrations()
    assert linter.nb_total > 0
    assert not linter.has_errors, capsys.readouterr().out


@pytest.mark.django_db
def test_models_have_their_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
