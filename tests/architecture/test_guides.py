"""The README and the guides name what exists, and docs/architecture.md everything that there is."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import click
import pytest
from flask import Flask

import config
from socialcube.kernel.setting_specs import SECTIONS
from socialcube.web import cli

DOCS = config.PROJECT / "docs"
SOURCE = config.PROJECT / "socialcube"
PAGES = [config.PROJECT / "README.md", *(path for path in DOCS.rglob("*.md"))]
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")


def find_commands() -> list[tuple[str, str]]:
    """Find each `flask --app wsgi …` of the pages, up to its pipe, comment or end."""
    return [
        (path.name, said.strip())
        for path in PAGES
        for said in re.findall(r"flask --app wsgi ([a-z][^`\n|<>#…]*)", path.read_text(encoding="utf-8"))
    ]


def find_links() -> list[tuple[str, Path]]:
    """Find each link of the pages to a file of the repository."""
    return [
        (f"{path.name}: {place}", path.parent / place)
        for path in PAGES
        for place in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    ]


def names_in(folder: Path) -> set[str]:
    """Give the parts of a folder: its modules and packages."""
    inside = (path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())
    return {path.stem for path in inside if not path.stem.startswith("__")}


def told(heading: str) -> set[str]:
    """Give what the first column of a section's table names."""
    section = ARCHITECTURE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = (line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    return {name.rstrip("/").removesuffix(".py") for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def missing(files: Iterable[tuple[str, Path]]) -> list[str]:
    return [name for name, path in files if not path.exists()]


@pytest.mark.parametrize(("page", "said"), find_commands())
def test_every_command_of_the_pages_can_be_typed(page: str, said: str) -> None:
    app = Flask("commands")
    cli.init_app(app)
    words = shlex.split(said)
    command: click.Command = app.cli
    context = click.Context(command)
    while isinstance(command, click.Group):
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{page}: there is no {name} in {said}"
        command, context = found, click.Context(found, parent=context, info_name=name)
    options, given, _ = command.make_parser(context).parse_args(words)
    known = {option.name for option in command.params}
    assert set(options) <= known, f"{page}: {said}"
    assert given == [], f"{page}: {said} takes no {given}"


def test_links_between_the_pages_lead_somewhere() -> None:
    links = find_links()
    assert len(links) > len(PAGES)
    assert missing(links) == []


def test_settings_that_the_guides_name_exist() -> None:
    declared = {spec.name for section in SECTIONS.values() for spec in section}
    asked = r"\b(?:BOT|FLEET|WEB|ALERT|RETENTION|DISCORD|SMTP|METRICS|MAIL|TRUSTED|ALLOWED|API)_[A-Z_]+\b"
    for page in (DOCS / "guides").iterdir():
        named = set(re.findall(asked, page.read_text(encoding="utf-8")))
        # Placeholders of commands look like settings.
        assert named - {"DISCORD_ID"} <= declared, page.name


def test_every_decision_stands_in_the_list() -> None:
    folder = DOCS / "adr"
    rows = dict(re.findall(r"\((\d{4}-[\w-]+\.md)\) \| (.+) \|", (folder / "README.md").read_text()))
    titles = {
        path.name: path.read_text().splitlines()[0].partition(" ")[2].partition(" ")[2]
        for path in folder.glob("[0-9]*.md")
        if not path.name.startswith("0000")
    }
    assert rows == titles


@pytest.mark.parametrize(
    ("heading", "folder"),
    [("Features", "domain"), ("Inside the fleet", "fleet"), ("Inside the worker", "worker")],
)
def test_the_page_tells_every_part_of(heading: str, folder: str) -> None:
    # The list of all tables, and the composition that a door calls, need no row.
    assert told(heading) == names_in(SOURCE / folder) - {"tables", "app"}


def test_the_page_tells_no_part_of_the_web_that_is_gone() -> None:
    web = SOURCE / "web"
    parts = told("Inside the web")
    assert parts
    assert [part for part in parts if not ((web / part).is_dir() or (web / f"{part}.py").is_file())] == []
    packages = {path.name for path in web.iterdir() if (path / "__init__.py").is_file()}
    assert packages <= {part.partition("/")[0] for part in parts}


def test_the_page_of_faults_names_tests_that_exist_and_says_which_are_long() -> None:
    page = (DOCS / "reference" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`( ‡)?", page)
    assert len(named) > len(page.splitlines()) // 2
    for place, name, is_long in named:
        source = (config.PROJECT / "tests" / place).read_text(encoding="utf-8")
        head, found, _ = source.partition(f"def {name}(")
        assert found, f"{place}::{name}"
        marks = head.rpartition("\n\n\n")[2]
        assert ("pytest.mark.long" in marks.split("parametrize")[0]) == bool(is_long), name
