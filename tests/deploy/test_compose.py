"""The compose file and the image, held valid by what can be known without a container engine."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from staffing.celery import QUEUES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
COMMANDS = {name: service["command"] for name, service in OURS.items() if "command" in service}


def settings_variables() -> set[str]:
    """Return the names that settings.py reads from the environment."""
    text = (ROOT / "staffing" / "settings.py").read_text()
    return set(re.findall(r"\benv\.[a-z]+\(\s*\"([A-Z_]+)\"", text))


def flag(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_every_part_is_there() -> None:
    assert {"postgres", "valkey", "migrate", "web", "beat", "nginx"} < set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_has_a_health_check_unless_it_runs_once(name: str) -> None:
    service = SERVICES[name]
    if service.get("restart") == "no":
        assert service["healthcheck"] == {"disable": True}
        return
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_waits_only_for_services_that_can_become_ready(name: str) -> None:
    for needed, wait in SERVICES[name].get("depends_on", {}).items():
        once = SERVICES[needed].get("restart") == "no"
        assert wait["condition"] == ("service_completed_successfully" if once else "service_healthy")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secret_comes_from_outside_and_is_demanded(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|SECRET|TOKEN|KEY", variable):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), variable
        for password in re.findall(r"://[^:/]*:([^@]+)@", value):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", password), variable


@pytest.mark.parametrize("name", sorted(OURS))
def test_environment_names_are_read_by_the_settings(name: str) -> None:
    assert set(OURS[name]["environment"]) <= settings_variables()


@pytest.mark.parametrize("name", sorted(OURS))
def test_container_has_no_more_rights_than_it_needs(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert "ports" not in OURS[name]


def test_every_declared_queue_has_a_worker() -> None:
    served = [flag(command, "--queues").split(",") for command in COMMANDS.values() if "--queues" in command]
    assert sorted(queue for queues in served for queue in queues) == sorted(QUEUES)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_names_what_exists(name: str) -> None:
    command = COMMANDS[name]
    if command[0] == "python":
        assert (ROOT / command[1]).is_file()
    else:
        assert find_spec(command[0])
        module, _, attribute = flag(command, "-A").partition(":")
        assert hasattr(__import__(module, fromlist=[attribute]), attribute)


def test_named_volumes_are_declared() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {mount for mount in mounts if re.fullmatch(r"[a-z]+", mount)}
    assert named == set(COMPOSE["volumes"])
    assert all((ROOT / mount).exists() for mount in mounts if mount.startswith("./"))


def test_images_are_pinned_to_a_version_and_name_no_host() -> None:
    for service in SERVICES.values():
        if "build" not in service:
            repository, _, tag = service["image"].partition(":")
            assert re.match(r"\d", tag), service["image"]
            assert "." not in repository.split("/")[0], service["image"]
