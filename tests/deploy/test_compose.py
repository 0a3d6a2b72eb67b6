"""What ``deploy/`` lays out holds together: no engine is at hand here to run it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from pantau.cli import load_commands
from pantau.config.models import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Build(Part):
    context: str
    dockerfile: str


class Awaited(Part):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Health(Part):
    test: list[str]
    interval: str
    timeout: str
    retries: int
    start_period: str = "0s"


class Service(Part):
    """The keys of the Compose specification that are used here; any other is a slip."""

    image: str
    build: Build | None = None
    command: list[str] = []
    entrypoint: list[str] = []
    environment: dict[str, str] = {}
    secrets: list[str] = []
    volumes: list[str] = []
    ports: list[str] = []
    depends_on: dict[str, Awaited] = {}
    healthcheck: Health | None = None
    restart: Literal["unless-stopped"] | None = None
    init: bool = False
    user: str = ""
    stop_grace_period: str = ""
    ulimits: dict[str, dict[str, int]] = {}


class Compose(Part):
    name: str
    services: dict[str, Service]
    secrets: dict[str, dict[Literal["file"], str]]
    volumes: dict[str, None]


@pytest.fixture(scope="module")
def compose() -> Compose:
    return Compose(**{key: value for key, value in COMPOSE.items() if not key.startswith("x-")})


def test_what_is_named_is_there(compose: Compose) -> None:
    for name, service in compose.services.items():
        assert set(service.secrets) <= set(compose.secrets), name
        assert set(service.depends_on) <= set(compose.services), name
        for volume in service.volumes:
            source = volume.split(":")[0]
            assert source in compose.volumes or source.startswith("./"), volume
    used = {volume.split(":")[0] for one in compose.services.values() for volume in one.volumes}
    assert set(compose.volumes) <= used
    assert {name for one in compose.services.values() for name in one.secrets} == set(
        compose.secrets
    )


def test_what_is_waited_for_can_come(compose: Compose) -> None:
    for service in compose.services.values():
        for other, awaited in service.depends_on.items():
            if awaited.condition == "service_healthy":
                assert compose.services[other].healthcheck is not None
            if awaited.condition == "service_completed_successfully":
                assert compose.services[other].restart is None


def test_what_keeps_running_tells_its_health(compose: Compose) -> None:
    for name, service in compose.services.items():
        if service.restart:
            assert service.healthcheck is not None, name


def test_there_is_no_default_password(compose: Compose) -> None:
    for name, service in compose.services.items():
        for variable, value in service.environment.items():
            if "PASSWORD" in variable or "KEY" in variable:
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.startswith("/run/secrets/")
                assert value.rpartition("/")[2] in service.secrets
    assert not re.search(r"\$\{?[A-Z]", TEXT), "a value from the environment would have a default"
    made = (DEPLOY / "secrets.sh").read_text(encoding="utf-8")
    assert all(f"make {name} " in made for name in compose.secrets)


def test_images_are_pinned_and_nothing_is_open_to_others(compose: Compose) -> None:
    for service in compose.services.values():
        assert service.build or re.search(r":\d[\w.-]+$", service.image), service.image
        for port in service.ports:
            assert port.startswith("127.0.0.1:"), port


def test_the_vendors_image_is_the_version_that_is_tested(compose: Compose) -> None:
    pom = (DEPLOY / "elasticsearch" / "pom.xml").read_text(encoding="utf-8")
    tested = re.findall(r"<version>(8[^<]*)</version>", pom)[0]
    for name in ("search", "certificates", "search-account"):
        assert compose.services[name].image.endswith(f":{tested}")


def pantau_commands(compose: Compose) -> Iterator[list[str]]:
    for service in compose.services.values():
        if service.command[:1] == ["pantau"]:
            yield service.command[1:]


def test_the_commands_are_pantaus_own(compose: Compose) -> None:
    from typer.main import get_command

    known: Any = get_command(load_commands())
    commands = list(pantau_commands(compose))
    assert len(commands) == 2
    for command in commands:
        named = known.commands[command[0]]
        options = {name for parameter in named.params for name in parameter.opts}
        assert {part for part in command[1:] if part.startswith("--")} <= options


def test_the_settings_are_good_and_name_what_is_laid_out(compose: Compose) -> None:
    text = (DEPLOY / "settings.toml").read_text(encoding="utf-8")
    settings = Settings(**tomllib.loads(text))
    hosts = {host.split("://")[1].split(":")[0] for host in settings.search.hosts}
    assert hosts <= set(compose.services)
    assert settings.database.split("@")[1].split("/")[0] in compose.services
    own = compose.services["run"]
    assert settings.search.password_file is not None
    assert settings.search.password_file.name in own.secrets
    assert any(volume.startswith("certificates:/certificates") for volume in own.volumes)


@pytest.mark.parametrize("name", ["entrypoint.sh", "secrets.sh", "elasticsearch/node.sh"])
def test_the_scripts_are_well_formed(name: str) -> None:
    path = DEPLOY / name
    shell = "sh" if path.read_text(encoding="utf-8").startswith("#!/bin/sh") else "bash"
    subprocess.run([shell, "-n", path], check=True)
    assert path.stat().st_mode & 0o111


@pytest.mark.parametrize("service", ["certificates", "search-account"])
def test_the_scripts_within_are_well_formed(compose: Compose, service: str) -> None:
    script = compose.services[service].command[-1].replace("$$", "$")
    subprocess.run(["bash", "-n", "-c", script], check=True)


def test_the_image_copies_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (DEPLOY.parent / source).exists(), source
            assert f"!{source}\n" in allowed, source
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert f"COPY {package} {package}\n" in text


@pytest.mark.slow
def test_compose_itself_reads_it(tmp_path: Path) -> None:
    """Where Docker's own plugin is at hand."""
    docker = shutil.which("docker")
    asked = docker and subprocess.run(
        [docker, "compose", "version"], capture_output=True, check=False
    )
    if not docker or not asked or asked.returncode:
        pytest.skip("docker compose is not on this machine")
    subprocess.run([docker, "compose", "-f", DEPLOY / "compose.yaml", "config", "-q"], check=True)
