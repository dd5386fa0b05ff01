import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import config
from bin.lib.procfile import read_procfile
from socialcube.infra.celery_settings import QUEUES
from socialcube.kernel.setting_specs import SECTIONS
from tests.factories.settings import make_environ


def read(name: str) -> dict[str, str]:
    return read_procfile(config.PROJECT / name)


def test_production_has_the_five_process_types() -> None:
    assert list(read("Procfile")) == ["release", "web", "worker", "beat", "bots"]


def test_development_runs_the_same_and_brings_its_own_redis_and_discord() -> None:
    production, development = read("Procfile"), read("Procfile.dev")
    assert set(development) == set(production) - {"release"} | {"redis", "sandbox"}
    assert all(development[name].startswith(production[name]) for name in set(development) & set(production))


@pytest.mark.parametrize("name", ["Procfile", "Procfile.dev"])
def test_the_worker_takes_from_every_queue(name: str) -> None:
    named = re.search(r"--queues (\S+)", read(name)["worker"])
    assert named
    assert set(named.group(1).split(",")) == set(QUEUES)


@pytest.mark.parametrize("name", ["Procfile", "Procfile.dev"])
def test_every_line_starts_something_that_exists(name: str) -> None:
    for command in read(name).values():
        assert _target(command).exists(), command


@pytest.mark.parametrize("name", ["Procfile", "Procfile.dev"])
def test_no_line_is_a_shell_construct_that_would_outlive_its_signal(name: str) -> None:
    assert not [command for command in read(name).values() if re.search(r"[&|;<>$`]", command)]


def test_the_release_line_is_a_command_of_the_application(tmp_path: Path) -> None:
    words = read("Procfile")["release"].split()
    said = subprocess.run(
        [sys.executable, "-m", *words, "--help"],
        env=make_environ(SOCIALCUBE_ENV="development", VAR_DIR=str(tmp_path)),
        cwd=config.PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "release line" in said.stdout


def test_the_deployment_manifest_names_real_settings_and_processes() -> None:
    manifest = json.loads((config.PROJECT / "app.json").read_text())
    specs = {spec.name for section in SECTIONS.values() for spec in section}
    assert set(manifest["env"]) <= specs
    assert set(manifest["formation"]) == set(read("Procfile")) - {"release"}
    given = {name: each.get("value", "") for name, each in manifest["env"].items()}
    addresses = {
        "PUBLIC_URL": "https://panel.example",
        "DISCORD_CLIENT_ID": "1",
        "DISCORD_CLIENT_SECRET": "x",
    }
    assert config.load_settings(make_environ() | given | addresses | make_environ()).web.trusted_proxies == 1


def _target(command: str) -> Path:
    """Find the file behind a command: a script, a module after -m, or the module named to flask or celery."""
    words = command.split()
    if words[0] == "python" and words[1] != "-m":
        return config.PROJECT / words[1]
    module = words[words.index({"python": "-m", "flask": "--app", "celery": "-A"}[words[0]]) + 1]
    path = config.PROJECT.joinpath(*module.split("."))
    return path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
