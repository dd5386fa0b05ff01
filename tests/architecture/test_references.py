"""What docs/reference/ says of permissions and command files is what the code does."""

import re
from pathlib import Path

import pytest

from bin.lib.api_reference import PAGE as API_PAGE
from bin.lib.api_reference import api_page
from bin.lib.permission_reference import permissions_page
from socialcube.domain.access.types import BOT_PERMISSIONS, SITE_PERMISSIONS, Permission
from socialcube.domain.commands import documents
from socialcube.domain.commands.documents import CommandDocument, OptionDocument
from socialcube.domain.commands.documents.reading import MAX_BYTES, MAX_DEPTH, MAX_NODES
from socialcube.domain.commands.documents.rules import MAX_CHARACTERS
from socialcube.domain.commands.types import ChannelType, Context, OptionType

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
FILES = (REFERENCE / "command-files.md").read_text(encoding="utf-8")
PERMISSIONS = (REFERENCE / "permissions.md").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    return page.partition(f"## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> set[str]:
    """Give the names in the first column of a table."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_the_page_of_permissions_is_what_the_code_says() -> None:
    assert permissions_page() == PERMISSIONS, "run `make docs`"


def test_the_page_of_the_api_is_what_the_code_says() -> None:
    assert api_page() == API_PAGE.read_text(encoding="utf-8"), "run `make docs`"


@pytest.mark.parametrize(
    ("title", "permissions"), [("On a bot", BOT_PERMISSIONS), ("On the site", SITE_PERMISSIONS)]
)
def test_every_permission_is_explained_where_it_belongs(
    title: str, permissions: frozenset[Permission]
) -> None:
    assert first_cells(section(PERMISSIONS, title)) == {permission.value for permission in permissions}


@pytest.mark.parametrize(("title", "model"), [("A command", CommandDocument), ("An option", OptionDocument)])
def test_every_field_of_a_file_is_explained(
    title: str, model: type[CommandDocument] | type[OptionDocument]
) -> None:
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert first_cells(section(FILES, title)) == names


@pytest.mark.parametrize("word", [*OptionType, *ChannelType, *Context])
def test_every_word_of_a_file_is_named(word: str) -> None:
    assert f"`{word}`" in FILES or f"`[guild, {word}]`" in FILES


def test_the_limits_are_the_codes() -> None:
    limits = " ".join(section(FILES, "Limits").split())
    for number in (f"{MAX_BYTES // 1024} KB", f"{MAX_NODES:,}", f"{MAX_DEPTH} levels", f"{MAX_CHARACTERS:,}"):
        assert number in limits


def test_the_example_can_be_imported() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", FILES, re.DOTALL)
    (document,) = documents.parse_yaml(example)
    assert documents.parse_yaml(documents.to_yaml([document])) == [document]
