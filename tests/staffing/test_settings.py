"""The settings fail loudly: a start that would be unsafe does not happen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "STAFFING_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "VAULT_KEYS": "v" * 43,
    "DATABASE_URL": "postgres://u:p@db/agency",
    "REDIS_URL": "redis://broker/0",
    "ALLOWED_HOSTS": "agency.example",
}
SHOW = """
import json
from django.conf import settings as s
print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))
"""


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    wanted = {k: v for k, v in (GOOD | changes).items() if v is not None}
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "staffing.settings"} | wanted
    return subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"VAULT_KEYS": None}, "VAULT_KEYS"),
        ({"VAULT_KEYS": "short"}, "VAULT_KEYS"),
        ({"VAULT_KEYS": ",".join(["v" * 43] * 2)}, "VAULT_KEYS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "PostgreSQL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"STAFFING_ENV": "prod"}, "STAFFING_ENV"),
        ({"CLOCK_OFFSET_ALLOWED": "1"}, "CLOCK_OFFSET_ALLOWED"),
        ({"CLOCK_OFFSET_ALLOWED": "1", "STAFFING_ENV": "development"}, "CLOCK_OFFSET_ALLOWED"),
    ],
)
def test_an_unsafe_start_is_refused_and_says_why(change: dict[str, str | None], word: str) -> None:
    done = start(**change)
    assert done.returncode != 0
    assert word in done.stderr.splitlines()[-1]


def test_production_is_strict() -> None:
    done = start()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    strict = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY")
    assert all(found[name] for name in strict)
    assert not found["DEBUG"]
    assert not found["CLOCK_OFFSET_ALLOWED"]
    assert "staffing.demo" not in found["INSTALLED_APPS"]
    assert found["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
