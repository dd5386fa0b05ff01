"""What the editor's buttons do to a document: add, remove, move. A button says it in words.

The words are `<verb> <place> [<position> <action>]`, like `add-step steps[0].then 1 reply`. They travel as
the value of a submit button, so the editor works without script.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from socialcube.engine.registry import ACTIONS
from socialcube.kernel.errors import InvalidInputError
from socialcube.web.pages.commands.forms import paths

_MAX_ID: Final = 40
_POSITION: Final = re.compile(r"[0-9]{1,3}")


class Done(NamedTuple):
    """A document after a button, and the place that the author wants to see now."""

    document: dict[str, Any]
    place: str


def apply(document: dict[str, Any], words: str) -> Done:
    """Do what a button says, in place.

    Raises:
        InvalidInputError: the words make no sense for this document.
    """
    verb, _, rest = words.partition(" ")
    operation = _OPERATIONS.get(verb)
    if operation is None:
        raise InvalidInputError(reason="the editor has no such button")
    return Done(document, operation(document, rest.split(" ") if rest else []))


def _save(_document: dict[str, Any], words: list[str]) -> str:
    return words[0] if words else ""


def _add_step(document: dict[str, Any], words: list[str]) -> str:
    place, position, action = _three(words)
    steps = _list_at(document, place, is_made=True)
    if action not in ACTIONS or not _POSITION.fullmatch(position):
        raise InvalidInputError(reason="there is no such step")
    index = min(int(position), len(steps))
    steps.insert(index, {"id": _free_name(action, _ids(document["steps"])), "type": action})
    return f"{place}[{index}]"


def _add_item(document: dict[str, Any], words: list[str]) -> str:
    place = _one(words)
    items = _list_at(document, place, is_made=True)
    items.append(_new_item(document, place, items))
    return f"{place}[{len(items) - 1}]"


def _new_item(document: dict[str, Any], place: str, items: list[Any]) -> dict[str, Any]:
    """Make an item that the rules take as it is, where drafts keep rules."""
    names = {str(item.get("name")) for item in items if isinstance(item, dict)}
    if place == "options":
        return {"name": _free_name("option", names), "type": "string", "description": "What to type here"}
    if not place.endswith(".choices"):
        return {}
    name = _free_name("choice", names)
    is_text = paths.find(document, place.removesuffix("choices") + "type") == "string"
    return {"name": name, "value": name if is_text else len(items) + 1}


def _remove(document: dict[str, Any], words: list[str]) -> str:
    holder, items, index = _item_at(document, _one(words))
    del items[index]
    return f"{holder}[{min(index, len(items) - 1)}]" if items else _parent(holder)


def _move(by: int) -> Callable[[dict[str, Any], list[str]], str]:
    def move(document: dict[str, Any], words: list[str]) -> str:
        holder, items, index = _item_at(document, _one(words))
        there = min(max(index + by, 0), len(items) - 1)
        items.insert(there, items.pop(index))
        return f"{holder}[{there}]"

    return move


_OPERATIONS: Final[dict[str, Callable[[dict[str, Any], list[str]], str]]] = {
    "save": _save,
    "add-step": _add_step,
    "add-item": _add_item,
    "remove": _remove,
    "up": _move(-1),
    "down": _move(1),
}


def _list_at(document: dict[str, Any], place: str, *, is_made: bool = False) -> list[Any]:
    holder = paths.find(document, _parent(place)) if _parent(place) else document
    key = paths.split(place)[-1]
    if not isinstance(holder, dict) or not isinstance(key, str):
        raise InvalidInputError(reason="what the button belongs to is gone")
    found = holder.setdefault(key, []) if is_made else holder.get(key)
    if not isinstance(found, list):
        raise InvalidInputError(reason="what the button belongs to is gone")
    return found


def _item_at(document: dict[str, Any], place: str) -> tuple[str, list[Any], int]:
    holder, bracket, _ = place.rpartition("[")
    index = paths.split(place)[-1] if bracket else None
    items = _list_at(document, holder) if holder else []
    if not isinstance(index, int) or index >= len(items):
        raise InvalidInputError(reason="what the button belongs to is gone")
    return holder, items, index


def _parent(place: str) -> str:
    """Give the place that holds a list: `steps[0]` for `steps[0].then`."""
    return place.rpartition(".")[0]


def _ids(steps: Any) -> Iterator[str]:
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict):
            yield str(step.get("id"))
            for value in step.values():
                yield from _ids(value)


def _free_name(name: str, taken: Iterator[str] | set[str]) -> str:
    used = set(taken)
    numbered = (f"{name[: _MAX_ID - 4]}_{number}" for number in range(2, len(used) + 3))
    return next(free for free in (name, *numbered) if free not in used)


def _one(words: list[str]) -> str:
    if len(words) != 1:
        raise InvalidInputError(reason="the editor has no such button")
    return words[0]


def _three(words: list[str]) -> tuple[str, str, str]:
    if len(words) != 3:  # noqa: PLR2004 - a place, a position, an action
        raise InvalidInputError(reason="the editor has no such button")
    return words[0], words[1], words[2]
