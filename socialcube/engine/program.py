"""A checked document, compiled: what the hot path runs. Nothing in it is parsed again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from socialcube.engine.action import Action
from socialcube.engine.fields import Fields
from socialcube.engine.spec import Document, OnError


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """One step, ready to run.

    Attributes:
        path: its place in the document, like `steps[0].then[1]`.
        id: the author's name of it.
        action: what it does.
        fields: its checked parameters, templates parsed.
        on_error: what happens after it failed.
        blocks: child lists by name.
    """

    path: str
    id: str
    action: Action[Any]
    fields: Fields
    on_error: OnError
    blocks: "Mapping[str, tuple[CompiledStep, ...]]"


@dataclass(frozen=True, slots=True)
class Program:
    """A document that can run.

    Attributes:
        document: the document it was made from.
        steps: the top list, compiled.
        first_reply_private: whether the first answer is private, known before the run because Discord fixes
            it when the answer is deferred. Where branches differ it is private, which shows too little at
            worst; so it is where no step answers.
    """

    document: Document
    steps: tuple[CompiledStep, ...]
    first_reply_private: bool


def link(document: Document, steps: Iterable[CompiledStep]) -> Program:
    """Put compiled steps together and work out what is known before any run."""
    linked = tuple(steps)
    kinds, _ = _first_replies(linked)
    return Program(document, linked, first_reply_private=True in kinds or not kinds)


def _first_replies(steps: Iterable[CompiledStep]) -> tuple[set[bool], bool]:
    """Give the privacies that the first answer of a list may have, and whether it surely answers."""
    kinds: set[bool] = set()
    for step in steps:
        private = step.action.answers_privately(step.fields)
        if private is not None:
            return kinds | {private}, True
        results = [_first_replies(step.blocks.get(name, ())) for name in step.action.blocks]
        kinds = kinds.union(*(found for found, _ in results))
        if step.action.one_block_runs and all(surely for _, surely in results):
            return kinds, True
    return kinds, False
