"""Reads YAML that may be hostile: plain data only, one meaning for every text, never a traceback.

The parser's events are built into data here, without recursion. PyYAML's own constructors would follow
aliases, take the last of two equal keys, and read `no` as false and `12:30` as 750 (YAML 1.1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from socialcube.engine.problems import Problem, join_path

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 44
"""Two levels around what the engine accepts for one command."""

MAX_NODES: Final = 30_000
"""Values and keys of one file: enough for 256 KB of commands, and read in well under a second."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_SHOWN: Final = 40
_MAX_SHOWN_PARTS: Final = 10
_NO_ALIASES: Final = "Anchors and aliases (& and *) are not read: write the value out."
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?")


def read_yaml(source: str | bytes) -> tuple[object, list[Problem]]:
    """Read one YAML document.

    Args:
        source: the text, or its bytes in UTF-8.

    Returns:
        Plain data, and what is wrong with it; with problems the data is of no use.
    """
    text, problem = _decode(source)
    if problem:
        return None, [problem]
    builder = _Builder()
    try:
        builder.build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        builder.problems.append(Problem("", "bad_yaml", _say(error)))
    except _StoppedError:
        pass
    return builder.value, builder.problems


class _StoppedError(Exception):
    """There is no point in reading on."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open.

    Attributes:
        key: of a mapping, the one read last.
        has_key: whether that key still waits for its value.
    """

    container: dict[str, object] | list[object]
    key: str = ""
    has_key: bool = False

    def put(self, value: object) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        else:
            self.container[self.key] = value
            self.has_key = False

    @property
    def expects_key(self) -> bool:
        return isinstance(self.container, dict) and not self.has_key


class _Builder:
    """Builds data from events, on a stack of its own."""

    def __init__(self) -> None:
        self.value: object = None
        self.problems: list[Problem] = []
        self._frames: list[_Frame] = []
        self._documents = 0
        self._nodes = 0

    def build(self, events: Iterator[yaml.Event]) -> None:
        """Take all events, or stop where the rest cannot matter."""
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._start_document(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._frames.pop()
            elif isinstance(event, yaml.ScalarEvent):
                self._take(event)
            elif isinstance(event, yaml.AliasEvent):
                self._stop(event, "alias", _NO_ALIASES)

    def _start_document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(
                event, "too_many", "One file holds one document; list several commands under `commands:`."
            )

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        self._admit(event)
        if self._frames and self._frames[-1].expects_key:
            self._stop(event, "bad_key", "A key must be plain text.")
        if len(self._frames) >= MAX_DEPTH:
            self._stop(event, "too_deep", f"The values are nested more than {MAX_DEPTH} levels deep.")
        frame = _Frame({} if isinstance(event, yaml.MappingStartEvent) else [])
        self._put(frame.container)
        self._frames.append(frame)

    def _take(self, event: yaml.ScalarEvent) -> None:
        self._admit(event)
        if self._frames and self._frames[-1].expects_key:
            self._take_key(event, self._frames[-1])
        else:
            self._put(resolve(event.value) if event.implicit[0] else event.value)

    def _take_key(self, event: yaml.ScalarEvent, frame: _Frame) -> None:
        frame.key, frame.has_key = event.value, True
        if event.value in frame.container:
            self._report(event, "duplicate_key", f"The key “{event.value[:_MAX_SHOWN]}” is there twice.")

    def _put(self, value: object) -> None:
        if self._frames:
            self._frames[-1].put(value)
        else:
            self.value = value

    def _admit(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, "too_large", f"The file holds more than {MAX_NODES:,} values. Split it.")
        if event.anchor is not None:
            self._stop(event, "alias", _NO_ALIASES)
        if getattr(event, "tag", None) is not None:
            self._stop(event, "tag", "Tags (!) are not read: write plain text, numbers, lists and mappings.")

    def _report(self, event: yaml.Event, code: str, message: str) -> None:
        line = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
        self.problems.append(Problem(self._place(), code, line + message))

    def _stop(self, event: yaml.Event, code: str, message: str) -> None:
        self._report(event, code, message)
        raise _StoppedError

    def _place(self) -> str:
        parts: list[str | int] = []
        for frame in self._frames[:_MAX_SHOWN_PARTS]:
            if isinstance(frame.container, dict):
                parts += [frame.key[:_MAX_SHOWN]] if frame.key else []
            else:
                # An outer list holds the open item already, the innermost one not yet.
                parts.append(len(frame.container) - (frame is not self._frames[-1]))
        return join_path("", parts)


def _decode(source: str | bytes) -> tuple[str, Problem | None]:
    try:
        data = source.encode() if isinstance(source, str) else source
        text = data.decode("utf-8-sig")
    except UnicodeError:
        return "", Problem("", "not_text", "This is not text in UTF-8.")
    if len(data) > MAX_BYTES:
        return "", Problem("", "too_large", f"The file is larger than {MAX_BYTES // 1024} KB. Split it.")
    return text, None


def resolve(text: str) -> object:
    """Give a plain scalar its meaning by the YAML 1.2 core schema, which is JSON's."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _say(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return f"{place}This is not YAML: {reason}."
