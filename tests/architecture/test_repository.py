import os
import re
import subprocess
from pathlib import Path

import pytest

import config
from bin.lib.locks import stale_locks

SCRIPTS = [path for path in (config.PROJECT / "bin").iterdir() if path.is_file()]
TARGETS = dict(re.findall(r"^([a-z]+):.*## (.+)$", (config.PROJECT / "Makefile").read_text(), re.MULTILINE))


def test_every_target_is_one_script() -> None:
    assert set(TARGETS) == {path.name for path in SCRIPTS}
    recipes = re.findall(r"^\t(.+)$", (config.PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert recipes == [f"@bin/{name}" for name in TARGETS]


@pytest.mark.parametrize("path", [*SCRIPTS, config.PROJECT / ".ci" / "run"], ids=lambda path: path.name)
def test_every_script_is_executable_and_says_what_it_does(path: Path) -> None:
    shebang, purpose = path.read_text().splitlines()[:2]
    assert os.access(path, os.X_OK)
    assert shebang == "#!/bin/sh"
    assert purpose.startswith("# ")


def test_help_lists_every_target() -> None:
    said = subprocess.run(
        [config.PROJECT / "bin" / "help"], cwd=config.PROJECT, capture_output=True, text=True, check=True
    ).stdout
    for name, effect in TARGETS.items():
        assert re.search(rf"^  make {name} +{re.escape(effect)}$", said, re.MULTILINE)


def test_no_script_names_a_package_registry() -> None:
    files = [path for path in (config.PROJECT / "bin").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    named = [path for path in files if re.search(r"pypi\.|pythonhosted|npmjs|docker\.io", path.read_text())]
    assert named == []


def test_the_locks_fit_their_inputs() -> None:
    assert stale_locks() == [], "run `make locks`"


def test_asvs_15_2_1_every_locked_package_has_hashes() -> None:
    for path in (config.PROJECT / "requirements.txt", *(config.PROJECT / "requirements").glob("*.txt")):
        pins = re.findall(r"^[a-zA-Z0-9].*?(?=^[a-zA-Z0-9]|\Z)", path.read_text(), re.MULTILINE | re.DOTALL)
        assert pins
        assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
