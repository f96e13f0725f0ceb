"""The Dockerfile, the lock of the image and the server in front."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with their arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in map(str.strip, lines) if line]


def pins(path: Path) -> dict[str, str]:
    """Return name → version of a lock file."""
    return dict(re.findall(r"^([a-z0-9][\w.\-\[\]]*)==(\S+)", path.read_text(), flags=re.MULTILINE))


LAST_STAGE = instructions()[max(n for n, (word, _) in enumerate(instructions()) if word == "FROM") :]


def test_image_is_built_in_stages_from_a_pinned_base() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"[a-z]+:\d[\w.\-]+", base) for base in bases)


def test_image_runs_as_an_ordinary_user() -> None:
    words = [word for word, _ in LAST_STAGE]
    user = next(rest for word, rest in LAST_STAGE if word == "USER")
    assert user not in {"root", "0"}
    assert words.index("USER") < words.index("CMD")


def test_image_has_a_health_check_that_exists() -> None:
    check = next(rest for word, rest in LAST_STAGE if word == "HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert (ROOT / command[1]).is_file()


def test_commands_are_lists_so_that_signals_arrive() -> None:
    commands = [json.loads(rest) for word, rest in LAST_STAGE if word == "CMD"]
    assert [command[0] for command in commands] == ["gunicorn"]


@pytest.mark.parametrize(("word", "rest"), [each for each in instructions() if each[0] in {"ENV", "ARG"}])
def test_no_secret_stays_in_the_image(word: str, rest: str) -> None:
    assert not re.search(r"SECRET|PASSWORD|TOKEN|_URL", rest), word


def test_packages_are_installed_by_hash() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert installs
    assert all("--require-hashes" in install for install in installs)


def test_what_the_image_copies_is_not_ignored() -> None:
    ignored = {line.strip("/") for line in (ROOT / ".dockerignore").read_text().split("\n") if line}
    sources = [rest.split()[0] for word, rest in instructions() if word == "COPY" and not rest.startswith("--from")]
    assert all((ROOT / source).exists() for source in sources)
    assert ignored.isdisjoint({source.split("/")[0] for source in sources})
    assert {".git", ".env", ".local", ".venv"} <= ignored


def test_lock_of_the_image_is_a_part_of_the_lock() -> None:
    everything, image = pins(ROOT / "requirements.lock"), pins(ROOT / "deploy" / "requirements.lock")
    assert image.items() <= everything.items()
    assert "django" in image
    assert "pytest" not in image


@pytest.mark.parametrize("path", ["requirements.lock", "deploy/requirements.lock"])
def test_lock_has_a_hash_for_each_package_and_no_address(path: str) -> None:
    text = (ROOT / path).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def nginx() -> str:
    return (ROOT / "deploy" / "nginx.conf.template").read_text()


def test_nginx_throws_away_what_visitors_claim_about_addresses() -> None:
    claims = re.findall(r"proxy_set_header X-Forwarded-For (\S+);", nginx())
    assert claims == ["$remote_addr"]


def test_nginx_logs_neither_the_query_nor_the_token_of_a_survey() -> None:
    form = re.search(r"log_format product '([^']+)'", nginx())
    assert form is not None
    assert not re.search(r"\$(request|request_uri|args|http_referer)\b", form[1])
    pattern = re.search(r'"~(\^[^"]+)"', nginx())
    assert pattern is not None
    hidden = re.compile(pattern[1].replace("?<", "?P<"))
    assert hidden.match(reverse("feedback:survey", args=["token"]))
    assert not hidden.match("/orders/1234/")


def test_nginx_braces_are_balanced_and_quoted_in_patterns() -> None:
    plain = re.sub(r"#.*|\"[^\"]*\"|'[^']*'|\$\{\w+\}", "", nginx())
    assert plain.count("{") == plain.count("}")
    assert set(re.findall(r"\$\{(\w+)\}", nginx())) == {"SITE_HOST"}
