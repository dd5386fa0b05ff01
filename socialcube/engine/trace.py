"""What happened in a run, step by step, in a form that may be stored and shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from itertools import islice
from typing import Any, Final

from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.secrets import MASK, Secret, is_secret_key, mask_text
from socialcube.kernel.text import UNSTORABLE

_MAX_TEXT: Final = 500
_MAX_ITEMS: Final = 80


@dataclass(frozen=True, slots=True)
class RunError:
    """Why a step or a run failed.

    Attributes:
        code: stable name of the failure.
        message: a sentence for the author, redacted.
        path: place in the document, like `steps[0].params.text`.
        line: line of that template, counted from 1.
        remedy: what to do about it, may be empty.
        cause: the exception behind it when it is our fault, for the error log; not part of the JSON.
    """

    code: str
    message: str
    path: str
    line: int | None = None
    remedy: str = ""
    cause: Exception | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON data."""
        kept = ("code", "message", "path", "line", "remedy")
        return {name: getattr(self, name) for name in kept}


@dataclass(frozen=True, slots=True)
class TraceElement:
    """One thing that happened, secrets masked and long texts cut.

    Attributes:
        path: place in the document, empty for what the engine does by itself.
        type: the action's name, or `defer` and `notice` for what the engine does by itself.
        milliseconds: how long it took, its child lists counted in.
        inputs: parameters after filling in, by their place.
        result: what the action gave back.
        error: why it failed.
        effects: what it did to the outside, or would have done in a dry run: `kind` and its details.
        warnings: remarks for the author.
    """

    path: str
    type: str
    milliseconds: float
    inputs: Mapping[str, str]
    result: Any
    error: RunError | None
    effects: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON data."""
        return {
            "path": self.path,
            "type": self.type,
            "milliseconds": self.milliseconds,
            "inputs": dict(self.inputs),
            "result": self.result,
            "error": self.error.to_json() if self.error else None,
            "effects": [dict(effect) for effect in self.effects],
            "warnings": list(self.warnings),
        }


@dataclass(slots=True)
class Record:
    """An element while it happens. It is made presentable afterwards, off the way to the first answer."""

    path: str
    type: str
    started: float
    ended: float | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    result: object = None
    error: RunError | None = None
    effects: list[tuple[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def element(self) -> TraceElement:
        """Give the finished element."""
        ended = self.started if self.ended is None else self.ended
        return TraceElement(
            path=self.path,
            type=self.type,
            milliseconds=round((ended - self.started) * 1000, 3),
            inputs=presentable(self.inputs),
            result=presentable(self.result),
            error=self.error,
            effects=tuple({"kind": kind, **presentable(details)} for kind, details in self.effects),
            warnings=tuple(presentable(self.warnings)),
        )


def describe_error(error: SocialCubeError, path: str, *, cause: Exception | None = None) -> RunError:
    """Turn an error into what the log keeps. `path` is the step's; the error may know the parameter."""
    place = getattr(error, "field", "")
    return RunError(
        code=error.code,
        message=_cut(mask_text(error.message)),
        path=f"{path}.params.{place}" if place else path,
        line=getattr(error, "line", None),
        remedy=error.remedy,
        cause=cause,
    )


def presentable(value: Any) -> Any:
    """Give JSON data that may be stored and shown: secrets masked first, then long texts and lists cut."""
    kind: Any = type(value)
    if value is None or kind is bool or kind is int or kind is float:
        return value
    if isinstance(value, str):
        return _cut(mask_text(value))
    if kind is dict or isinstance(value, Mapping):
        return _present_items(value.items())
    if kind is list or (isinstance(value, Sequence) and not isinstance(value, bytes | bytearray)):
        return [presentable(item) for item in islice(value, _MAX_ITEMS)]
    if names := _field_names(kind):
        shown = _present_items((name, getattr(value, name)) for name in names)
        return {key: item for key, item in shown.items() if item not in ("", None, [])}
    return MASK if isinstance(value, Secret) else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """Give the names of a dataclass's fields, none for any other class."""
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()


def _present_items(items: Iterable[tuple[Any, object]]) -> dict[Any, Any]:
    return {key: MASK if is_secret_key(key) else presentable(item) for key, item in islice(items, _MAX_ITEMS)}


def _cut(text: str) -> str:
    if not text.isprintable():
        text = UNSTORABLE.sub("\ufffd", text)
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
