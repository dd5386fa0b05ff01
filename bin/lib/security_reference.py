"""Fills in the tables of docs/security.md: each requirement of ASVS 5.0.0 with the tests named after it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = PROJECT / "docs" / "security.md"

_TABLE: Final = re.compile(r"(<!-- (asked|more): .*? -->\n\n).*?(?=\n\n(?:#|[A-Z]|<!--)|\Z)", re.DOTALL)
_TEST: Final = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement, or some that belong together.

    Attributes:
        numbers: as the standard counts them. A test is named `test_asvs_` and one of them, with `_` for dots.
        holds: what it comes to here.
        others: tests that hold it under another name.
        is_open: why nothing holds it yet, empty when something does.
    """

    numbers: tuple[str, ...]
    holds: str
    others: tuple[str, ...] = ()
    is_open: str = ""


ASKED: Final = (
    Item(("1.2.4",), "SQL takes values as parameters"),
    Item(("1.3.6",), "Outgoing requests reach allowed places only"),
    Item(("1.3.7",), "Templates of users reach nothing"),
    Item(("1.5.2",), "Nothing unsafe is deserialised"),
    Item(("2.3.3",), "A change is made wholly or not at all"),
    Item(("2.3.4",), "Doing something twice at once does it once"),
    Item(("2.4.1",), "What can be tried is limited, across processes and without Redis"),
    Item(("3.3.1", "3.3.3", "3.3.4"), "Cookies: `__Host-`, Secure, HttpOnly"),
    Item(("3.3.2",), "SameSite: Lax for the session, Strict for proving who one is"),
    Item(("3.4.1",), "HSTS for a year with subdomains, on errors too"),
    Item(("3.4.3",), "Content policy with a nonce; a browser finds no violation"),
    Item(("3.4.6",), "No page is framed"),
    Item(("3.5.1",), "Each unsafe route asks for a CSRF token"),
    Item(("3.5.3",), "Reading changes nothing"),
    Item(("3.7.2",), "No open redirect"),
    Item(("4.1.3", "15.3.4"), "Proxy headers count as configured"),
    Item(("4.2.1",), "No request smuggling"),
    Item(("4.4.2",), "WebSocket: own origins only"),
    Item(("4.4.4",), "A socket ends with its session and its rights"),
    Item(
        ("6.3.1",),
        "Codes, links and keys cannot be guessed, and answers tell nothing",
        (
            "test_guessing_is_slowed_down_and_right_keys_pass",
            "test_a_wrong_secret_and_an_unknown_id_get_the_same_answer",
        ),
    ),
    Item(("7.2.3", "7.2.4"), "Session names of 256 bits, a new one at sign-in"),
    Item(("7.3.1", "7.3.2", "7.4.1"), "Sessions end: idle, old, signed out"),
    Item(
        ("7.4.2", "7.4.5"),
        "Switching somebody off ends sessions, sockets and keys",
        ("test_whoever_is_switched_off_takes_their_keys_along",),
    ),
    Item(("8.2.1", "8.2.2", "8.2.3", "8.4.1"), "Every route, role, object and door"),
    Item(("10.1.2", "10.2.1"), "OAuth: state and PKCE of this browser, once"),
    Item(("11.1.1", "11.2.2"), "Key policy: several keys, an algorithm mark in each seal"),
    Item(("11.3.2", "11.3.3"), "Sealing is authenticated and bound to its place"),
    Item(
        ("13.3.1", "14.2.1"),
        "Secrets are sealed, and in no address",
        ("test_a_key_in_the_address_is_refused_with_advice_even_if_it_is_good",),
    ),
    Item(("15.1.2", "15.2.1", "15.3.3"), "Bill of materials, hashes, no mass assignment"),
    Item(
        ("16.2.5", "16.3.1", "16.3.2", "16.3.3", "16.3.4", "16.4.1", "16.4.2", "16.5.3"),
        "Logs: redacted, complete, without injection, tamper-evident",
    ),
)
"""The thirty that this project set out to hold."""

MORE: Final = (
    Item(("1.2.10",), "No formula in an exported file"),
    Item(("3.4.4",), "Browsers guess no types"),
    Item(("7.5.1",), "Tokens, roles, keys and people ask for a recent sign-in"),
    Item(("13.3.4",), "Token keys are rotated on a schedule", is_open="nothing reminds of it yet"),
)
"""What is worth having although nobody asked."""


def security_page() -> str:
    """Give the page with its tables as the tests are now."""
    tables = {"asked": _draw(enumerate(ASKED, 1)), "more": _draw((None, item) for item in MORE)}
    return _TABLE.sub(lambda found: found[1] + tables[found[2]], PAGE.read_text(encoding="utf-8"))


def unlisted_tests() -> list[str]:
    """Name the tests that name a requirement of no item."""
    known = {sign for item in (*ASKED, *MORE) for sign in map(_sign_of, item.numbers)}
    return [
        f"{path}::{name}"
        for name, path in list_tests()
        if name.startswith("test_asvs_") and not any(name.startswith(sign) for sign in known)
    ]


@cache
def list_tests() -> list[tuple[str, str]]:
    """List all tests, by the path of their file and then by name."""
    files = sorted((PROJECT / "tests").rglob("test_*.py"))
    return [
        (name, str(file.relative_to(PROJECT)))
        for file in files
        for name in sorted(_TEST.findall(file.read_text(encoding="utf-8")))
    ]


def holding(item: Item) -> list[tuple[str, str]]:
    """List the tests that hold an item."""
    signs = tuple(map(_sign_of, item.numbers))
    return [test for test in list_tests() if test[0].startswith(signs) or test[0] in item.others]


def _sign_of(number: str) -> str:
    return f"test_asvs_{number.replace('.', '_')}_"


def _draw(items: Iterable[tuple[int | None, Item]]) -> str:
    rows = [
        f"| {number or ''} | {', '.join(item.numbers)} | {item.holds} | {_say_held(item)} |"
        for number, item in items
    ]
    return "\n".join(["| # | ASVS | What holds | Held by |", "| --- | --- | --- | --- |", *rows])


def _say_held(item: Item) -> str:
    if item.is_open:
        return f"open: {item.is_open}"
    return "<br>".join(f"[`{name}`](../{path})" for name, path in holding(item))
