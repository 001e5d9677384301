"""What the files in `deploy/` name exists: commands, options, settings, paths, ports. Nothing here runs a container;
a name that is wrong would be found by the first city that installs."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from portal.cli import portal
from portal.settings import Settings
from tests.guards.source import ROOT
from tests.guards.test_operating import GUIDE

DEPLOY = ROOT / "deploy"
COMPOSE = (DEPLOY / "compose.yaml").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNIT = (DEPLOY / "systemd/portal.service").read_text()
NGINX = (DEPLOY / "nginx/nginx.conf").read_text()


def compose_commands(text: str) -> list[list[str]]:
    """Commands of the services that are ours; written in one line each, which this reads without a library."""
    found = [
        [word.strip(" \"'") for word in row.split(",")] for row in re.findall(r"command: \[(.*)\]", text)
    ]
    return [words for words in found if words[0] == "portal"]


def all_commands() -> list[list[str]]:
    start = json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    unit = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)[0].split()
    built = [found.split() for found in re.findall(r"&& (portal [a-z ]+)$", DOCKERFILE, re.MULTILINE)]
    return [*compose_commands(COMPOSE), start, ["portal", *unit[1:]], *built]


def fault_of(words: list[str]) -> str:
    """Why a command line would be refused, or nothing. It is read, never run."""
    command: click.Command = portal
    context = click.Context(portal)
    rest = words[1:]
    try:
        while isinstance(command, click.Group):
            name, found, rest = command.resolve_command(context, rest)
            assert found is not None
            command, context = found, click.Context(found, info_name=name, parent=context)
        command.parse_args(context, list(rest))
    except click.UsageError as error:
        return f"{' '.join(words)}: {error.format_message()}"
    return ""


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bPORTAL_([A-Z_]+)", text))


def known_settings() -> set[str]:
    listed = {
        name
        for line in re.findall(r"^\| (`.*?) \|", GUIDE, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    }
    return listed | {field.upper() for field in Settings.__dataclass_fields__}


def test_every_command_in_the_deployment_files_exists() -> None:
    assert len(compose_commands(COMPOSE)) == 2, "write each service's command in one line"
    faults = [fault for words in all_commands() if (fault := fault_of(words))]
    assert not faults, faults


@pytest.mark.parametrize("file", sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ids=str)
def test_every_setting_in_the_deployment_files_exists(file: Path) -> None:
    unknown = settings_named(file.read_text()) - known_settings()
    assert not unknown, f"{file.name} sets PORTAL_{', PORTAL_'.join(unknown)}, which nothing reads"


def test_only_one_process_may_own_an_sqlite_file() -> None:
    several = [words for words in all_commands() if "--workers" in words or "--only" in words]
    assert several, "the grown set-up has several processes"
    for words in several:
        assert words in compose_commands(COMPOSE)
    assert re.search(r"PORTAL_DATABASE_URL: postgresql://", COMPOSE)
    assert "sqlite" not in COMPOSE


def test_nginx_knows_every_process_and_the_portal_knows_nginx() -> None:
    serving = next(words for words in compose_commands(COMPOSE) if "serve" in words)
    count = int(serving[serving.index("--workers") + 1]) if "--workers" in serving else 1
    ports = [str(8000 + number) for number in range(count)]
    for upstream in re.findall(r"upstream \w+ \{(.*?)\}", NGINX, re.DOTALL):
        assert re.findall(r"server portal:(\d+);", upstream) == ports
    proxy = re.search(r"PORTAL_TRUSTED_PROXIES: (\S+)", COMPOSE)
    nginx = COMPOSE[COMPOSE.index("\n  nginx:") :]
    assert proxy is not None
    assert f"ipv4_address: {proxy[1]} " in nginx, "the portal must believe nginx, and only nginx"


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    kept = [pattern[1:] for pattern in ignored if pattern.startswith("!")]
    for row in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        for source in row.split()[:-1]:
            assert (ROOT / source).exists(), f"the image copies {source}"
            assert any(fnmatch(source, pattern) for pattern in kept), f".dockerignore hides {source}"
    secrets = {"deploy", "deploy/portal.env", "deploy/.env", "var"}
    assert not secrets & set(kept), "keys must not get into an image"


def test_the_mounted_files_are_there_or_told_of_in_the_guide() -> None:
    for source in re.findall(r"- \./(\S+?):", COMPOSE):
        assert (DEPLOY / source).exists() or f"deploy/{source}" in GUIDE, f"compose mounts deploy/{source}"


def test_the_image_compiles_what_its_user_could_not() -> None:
    assert DOCKERFILE.index("portal translations compile") < DOCKERFILE.index("USER lounge")
    assert "portal translations compile" in GUIDE, "nor may the service of systemd write there"


def test_the_guard_sees_what_does_not_exist() -> None:
    assert "No such option" in fault_of(["portal", "serve", "--threads", "2"])
    assert "No such command" in fault_of(["portal", "db", "migrate"])
    assert "is not in the range" in fault_of(["portal", "serve", "--workers", "0"])
    assert fault_of(["portal", "serve", "--workers", "2"]) == ""
    assert settings_named("PORTAL_DATABSE_URL: x") - known_settings() == {"DATABSE_URL"}
