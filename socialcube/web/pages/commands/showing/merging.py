"""Two people changed one draft: puts together what each place shall hold in the end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from socialcube.web.pages.commands.showing.differences import (
    SETTINGS,
    describe_options,
    describe_setting,
    describe_steps,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """A place where both documents differ.

    Attributes:
        key: like `name`, `options`, `steps[2]`.
        mine, theirs: both values for people.
    """

    key: str
    label: str
    mine: str
    theirs: str


def list_clashes(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[Clash, ...]:
    """List what somebody has to choose between. Lists of the same items are compared item by item."""
    # A form writes down what a stored document may leave out: only what reads differently is a clash.
    plain = (
        Clash(key, label, describe_setting(mine, key), describe_setting(theirs, key))
        for key, label in SETTINGS.items()
    )
    return (
        *(clash for clash in plain if clash.mine != clash.theirs),
        *_clashes_in("options", mine.get("options") or [], theirs.get("options") or []),
        *_clashes_in("steps", mine.get("steps") or [], theirs.get("steps") or []),
    )


def merge(mine: Mapping[str, Any], theirs: Mapping[str, Any], picked: Collection[str]) -> dict[str, Any]:
    """Give their document with mine at the picked places."""
    merged = {**theirs}
    for clash in list_clashes(mine, theirs):
        if clash.key not in picked:
            continue
        key, _, place = clash.key.partition("[")
        if place:
            index = int(place.rstrip("]"))
            merged[key] = [*merged[key][:index], mine[key][index], *merged[key][index + 1 :]]
        elif key in mine:
            merged[key] = mine[key]
        else:
            merged.pop(key, None)
    return merged


def _clashes_in(key: str, mine: list[Any], theirs: list[Any]) -> list[Clash]:
    describe = describe_options if key == "options" else describe_steps
    if _names(mine) != _names(theirs):
        return [Clash(key, f"All {key}", describe(mine), describe(theirs))]
    return [
        Clash(f"{key}[{index}]", f"{key[:-1].capitalize()} {index + 1}", describe([left]), describe([right]))
        for index, (left, right) in enumerate(zip(mine, theirs, strict=True))
        if left != right
    ]


def _names(items: list[Any]) -> list[object]:
    return [(item.get("id") or item.get("name")) if isinstance(item, dict) else None for item in items]
