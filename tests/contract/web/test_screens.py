"""Every generated screen gives the same answers on both databases, whatever its address says."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import product
from urllib.parse import quote

import pytest

from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.theme import NoIndex
from socialcube.web.admin.views import SCREENS
from tests.contract.web.conftest import NAMES
from tests.unit.web.admin.conftest import HOSTILE, House

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)

HOSTILE_TEXTS = (
    "' OR '1'='1",
    "') UNION SELECT sealed_token FROM bots --",
    "%s %(a)s {0} :a ?",
    "%' || pg_sleep(9) || '",
    "\\",
    "\x00",
    "\ud800",
    "\U0001f600\u202e",
    "a" * 150,
    "a" * 5000,
    HOSTILE,
)
HOSTILE_VALUES = {
    "page": ("-1", "99999999999999999999", "1e3", "0x1", "²", "NaN"),
    "page_size": ("0", "-5", "1000000", "9" * 400, "²"),
    "sort": ("id", "sealed_token", "__class__", "name; drop table bots", "-name", "0"),
    "desc": ("2", "-1", "true"),
    "columns": ("sealed_token", "name,name,,name", "," * 3000),
    "before": ("0", "-1", "9" * 40, "2026-01-01T00:00:00Z_1", "999999999999999999-1", "0.0", "²"),
    "after": ("0", "-1", "9" * 40, "2026-01-01T00:00:00Z_1", "999999999999999999-1", "0.0", "²"),
    "flt": ("", "x"),
    "flt99_state_is": ("Online",),
    "flt0_": ("",),
    "flt²_bot_is": ("x",),
}
MOMENTS = (
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00",
    "2026-01-01T00:00+23:59:59.999999",
    "2026-W01-1",
    "20260101",
    "1969-12-31T23:59",
)


def view_of(house: House, screen: object) -> SecureView:
    panels = house.site.app.extensions["admin"]
    views = (view for panel in panels for view in panel._views if not isinstance(view, NoIndex))
    found: SecureView = next(view for view in views if type(view) is screen)
    return found


def rows(page: str) -> list[str]:
    return re.findall(r'<tr data-row="([^"]+)"', page)


def count(page: str) -> str:
    return re.search(r'<span class="count">([\d,+]+)<', page)[1]  # type: ignore[index] # every list has it


def names(page: str) -> list[str]:
    found = re.findall(r'<span class="cut">([^<]+)<', page)
    return [unescape(name) for name in found if unescape(name) in NAMES]


@each_screen
def test_a_list_counts_what_it_shows_and_sorting_loses_no_row(house: House, screen: object) -> None:
    view = view_of(house, screen)
    whole = house.owner.get(f"{view.url}/").text
    assert rows(whole)
    assert count(whole) == str(len(rows(whole)))
    for column, desc in product(view._sortable_columns, (0, 1)):
        page = house.owner.get(f"{view.url}/", query_string={"sort": column, "desc": desc}).text
        assert sorted(rows(page)) == sorted(rows(whole)), column
        assert count(page) == count(whole), column


@each_screen
def test_every_choice_of_every_filter_narrows_the_list(house: House, screen: object) -> None:
    view = view_of(house, screen)
    page = house.owner.get(f"{view.url}/").text
    whole = set(rows(page))
    choices = {unescape(url) for url in re.findall(r'href="([^"]*[?&]flt[^"]*)"', page)}
    typed = re.findall(r'name="(flt\d+_[^"]+)"', page)
    # A filter takes either a part of a text or a moment; what it does not understand narrows nothing.
    addresses = [
        *choices,
        *(f"{view.url}/?{name}={text}" for name in typed for text in ("o", "2020-01-01T00:00")),
    ]
    for address in addresses:
        answer = house.owner.get(address)
        assert answer.status_code == 200, address
        shown = rows(answer.text)
        assert set(shown) <= whole, address
        assert not shown or count(answer.text) == str(len(shown)), address


@each_screen
def test_hostile_addresses_never_fail(house: House, screen: object) -> None:
    view = view_of(house, screen)
    filters = re.findall(r'name="(flt\d+_[^"]+)"|[?&](flt\d+_[a-z_]+)=', house.owner.get(f"{view.url}/").text)
    own = {first or second for first, second in filters}
    addresses = [dict.fromkeys(("search", *HOSTILE_VALUES, *own), text) for text in HOSTILE_TEXTS]
    addresses += [
        values | dict.fromkeys(own, moment) for values, moment in zip(_in_turn(), MOMENTS, strict=True)
    ]
    for arguments in addresses:
        query = "&".join(
            f"{quote(name)}={quote(text, errors='surrogatepass')}" for name, text in arguments.items()
        )
        answer = house.owner.get(f"{view.url}/?{query}")
        assert answer.status_code == 200, arguments
        assert "<script>alert" not in answer.text, arguments
        assert ">49<" not in answer.text, arguments


def _in_turn() -> Iterator[dict[str, str]]:
    """Give each argument its values one after another, from the beginning again when it has few."""
    for turn in range(len(MOMENTS)):
        yield {name: values[turn % len(values)] for name, values in HOSTILE_VALUES.items()}


def test_names_are_sorted_without_regard_to_case(house: House) -> None:
    for path, column in (("bots", "name"), ("bots/fields", "name")):
        wanted = sorted(NAMES, key=str.casefold)
        assert names(house.owner.get(f"/admin/{path}/?sort={column}").text) == wanted, path
        assert names(house.owner.get(f"/admin/{path}/?sort={column}&desc=1").text) == wanted[::-1], path


def test_unknown_values_stand_last_in_either_direction(house: House) -> None:
    for desc in (0, 1):
        listed = rows(house.owner.get(f"/admin/bots/?sort=servers&desc={desc}").text)
        known = [str(house.own.bot_id), str(house.foreign.bot_id)]
        assert listed[:2] == (known[::-1] if desc else known)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ALPHA", ["alpha"]),
        ("beta", ["Beta"]),
        ("100%", ["gamma 100%"]),
        ("%", ["gamma 100%"]),
        ("_", ["Delta_1"]),
        ("a_1 delta", ["Delta_1"]),
        ("alpha beta", []),
        ("\\", []),
    ],
)
def test_a_search_takes_signs_as_they_are_and_both_cases(house: House, typed: str, found: list[str]) -> None:
    for path in ("bots", "bots/fields"):
        assert names(house.owner.get(f"/admin/{path}/", query_string={"search": typed}).text) == found
