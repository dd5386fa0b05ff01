"""docs/security.md names the tests that hold each requirement, all of them and no others."""

import re

import pytest

from bin.lib import security_reference
from bin.lib.security_reference import ASKED, MORE, Item

ITEMS = 30


def test_the_page_names_the_tests_of_today() -> None:
    assert security_reference.security_page() == security_reference.PAGE.read_text(), "run `make docs`"


@pytest.mark.parametrize("item", [*ASKED, *MORE], ids=lambda item: item.numbers[0])
def test_every_item_is_held_or_said_to_be_open(item: Item) -> None:
    held = {name for name, _ in security_reference.holding(item)}
    assert bool(held) != bool(item.is_open)
    assert held >= set(item.others)


def test_all_items_are_there_and_none_is_open() -> None:
    assert len(ASKED) == ITEMS
    assert [item.numbers for item in ASKED if item.is_open] == []


def test_every_test_of_a_requirement_has_an_item() -> None:
    assert security_reference.unlisted_tests() == []


def test_guides_that_it_leads_to_exist() -> None:
    page = security_reference.PAGE
    places = re.findall(r"\]\((guides/[\w-]+\.md)(?:#[\w-]+)?\)", page.read_text())
    assert places
    assert [place for place in places if not (page.parent / place).is_file()] == []
