import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from bin.lib.reference import PAGE, settings_page
from socialcube.kernel.setting_specs import SECTIONS
from tests.factories.settings import make_environ

SPECS = [spec for section in SECTIONS.values() for spec in section]
SOURCES = [*config.PROJECT.glob("*.py"), *(config.PROJECT / "socialcube").rglob("*.py")]


def test_the_reference_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run `make docs`"


def test_names_are_declared_once() -> None:
    names = [spec.name for spec in SPECS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_setting_says_its_unit_and_effect(spec: object) -> None:
    assert getattr(spec, "unit", "")
    assert getattr(spec, "effect", "").endswith(".")


def test_documented_defaults_can_be_given_explicitly() -> None:
    settings = config.load_settings(make_environ())
    explicit = {
        spec.name: spec.default.format(VAR_DIR=settings.var_dir, PORT=5000) for spec in SPECS if spec.default
    }
    assert config.load_settings(explicit | make_environ()) == settings


def test_only_config_reads_the_environment() -> None:
    readers = {path.name for path in SOURCES if any(_environment_reads(path))}
    assert readers == {"config.py"}


def _environment_reads(path: Path) -> Iterator[ast.AST]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "environb" | "getenv" | "putenv"):
                yield node
            case ast.ImportFrom(module="os", names=names) if {"environ", "getenv"} & {
                each.name for each in names
            }:
                yield node
