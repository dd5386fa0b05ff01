"""The document of a command: versioned JSON, here as immutable values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

SCHEMA: Final = 1
"""The version of the document that this engine reads and writes."""

OnError = Literal["stop", "continue"]
ON_ERROR: Final[tuple[OnError, ...]] = ("stop", "continue")

MAX_DOCUMENT_BYTES: Final = 64 * 1024
"""UTF-8 bytes of a whole document as JSON."""

MAX_STEPS: Final = 100
"""Steps of a document, those in branches counted in."""

MAX_STEP_DEPTH: Final = 10
"""Lists of steps inside each other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        id: name of the step, unique in the document; it survives moving the step.
        type: name of the action.
        params: the action's parameters as the author wrote them: frozen mappings, tuples and plain values.
        on_error: `stop` ends the run when the step fails, `continue` goes on with the next one.
        blocks: child lists by name (`then`, `else`, …), only those that are there.
    """

    id: str
    type: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    on_error: OnError = "stop"
    blocks: "Mapping[str, tuple[Step, ...]]" = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> dict[str, Any]:
        """Give the step as plain JSON data, with every key written out."""
        blocks = {name: [step.to_json() for step in steps] for name, steps in self.blocks.items()}
        return {
            "id": self.id,
            "type": self.type,
            "params": thaw(self.params),
            "on_error": self.on_error,
            **blocks,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """The steps of one command.

    Attributes:
        steps: the top list.
        schema: version of the document's form.
    """

    steps: tuple[Step, ...] = ()
    schema: int = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """Give the document as plain JSON data: the same document always gives the same data."""
        return {"schema": self.schema, "steps": [step.to_json() for step in self.steps]}


def freeze(value: object) -> object:
    """Copy JSON data into values that nobody can change."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): freeze(item) for key, item in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(freeze(item) for item in value)
    return value


def thaw(value: object) -> Any:
    """Copy frozen data back into plain dicts and lists."""
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value
