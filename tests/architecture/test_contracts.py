import tomllib
from pathlib import Path
from typing import Any

import config

DOMAIN = config.PROJECT / "socialcube" / "domain"


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((config.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_no_contract_makes_an_exception() -> None:
    excused = [each["id"] for each in contracts() if each.get("ignore_imports")]
    assert excused == []


def test_the_tables_of_every_feature_are_private() -> None:
    with_tables = {path.parent.name for path in DOMAIN.glob("*/models*")}
    assert with_tables == {
        each["id"].removeprefix("private-tables-")
        for each in contracts()
        if each["id"].startswith("private-tables-")
    }


def test_access_is_kept_from_every_feature() -> None:
    features = {path.parent.name for path in DOMAIN.glob("*/__init__.py")} - {"access"}
    below = next(each for each in contracts() if each["id"] == "access-below")
    assert {name.rpartition(".")[2] for name in below["forbidden_modules"]} == features


def test_every_layer_stands_in_the_house() -> None:
    house = next(each for each in contracts() if each["id"] == "house")
    named = {name.strip() for layer in house["layers"] for name in layer.split("|")}
    assert named == {path.parent.name for path in _packages(config.PROJECT / "socialcube")}


def _packages(folder: Path) -> list[Path]:
    return list(folder.glob("*/__init__.py"))
