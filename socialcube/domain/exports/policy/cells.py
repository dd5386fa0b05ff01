"""Cells of a CSV file. What strangers typed must not become a formula in somebody's spreadsheet.

Quoting does not help against that: a spreadsheet takes the quotes off first (OWASP, "CSV Injection").
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from socialcube.kernel.text import UNSTORABLE

MARK: Final = "\ufeff"

# The signs that begin a formula, with the wide and small forms that East Asian spreadsheets take for them.
_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
# What stands before a sign and is skipped or not seen: blanks, control and formatting characters.
_UNSEEN: Final = (
    "\\s\\x00-\\x20\\x7f-\\xa0\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0"
)
_DANGEROUS: Final = re.compile(f"[{_UNSEEN}]*[{_SIGNS}]|[\t\r\n]")
# Where the list separator is a semicolon, or the file is pasted, a cell can end inside of a text of ours.
_INSIDE: Final = re.compile(f"([;\t][{_UNSEEN}]*)(?=[{_SIGNS}])")


def to_line(cells: Iterable[object]) -> str:
    """Write one line as RFC 4180 wants it, its end included."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_write(cell) for cell in cells])
    return line.getvalue()


def defuse(text: str) -> str:
    """Make a text that no spreadsheet takes for a formula, by an apostrophe where one would begin."""
    kept = _INSIDE.sub(r"\1'", UNSTORABLE.sub("\ufffd", text))
    return f"'{kept}" if _DANGEROUS.match(text) else kept


def _write(cell: object) -> object:
    """Give numbers and moments as they are: they are ours, and a minus before a number is no formula."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return cell
        case datetime():
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Mapping() | list() | tuple():
            return defuse(json.dumps(cell, ensure_ascii=False, default=str))
        case _:
            return defuse(str(cell))
