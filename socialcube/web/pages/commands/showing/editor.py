"""The whole editor, worked out from a document and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.commands.types import Context
from socialcube.engine.problems import Problem
from socialcube.web.pages.commands.showing.fields import Problems
from socialcube.web.pages.commands.showing.options import OptionView, view_options
from socialcube.web.pages.commands.showing.places import ProblemView, by_place, view_problems
from socialcube.web.pages.commands.showing.samples import insertable
from socialcube.web.pages.commands.showing.steps import StepView, view_steps, walk

CONTEXTS: Final = {
    Context.GUILD.value: "Servers",
    Context.BOT_DM.value: "Messages with the bot",
    Context.PRIVATE_CHANNEL.value: "Other private messages",
}
DEFAULT_CONTEXTS: Final = (Context.GUILD.value, Context.BOT_DM.value)
PERMISSIONS: Final = {
    "": "Everybody",
    "0": "Administrators only",
    "32": "Those who manage the server",
    "8192": "Those who manage messages",
    "268435456": "Those who manage roles",
    "1099511627776": "Those who may time people out",
    "4": "Those who may ban",
}
"""Presets of Discord's permission bits (Permissions, "Bitwise Permission Flags")."""


@dataclass(frozen=True, slots=True)
class EditorView:
    """What the middle and the outline show.

    Attributes:
        field_problems: of the name, the description and the settings, by place.
        chips: names that can be inserted into texts.
        permissions: the permission bits as text; `is_other` when no preset has them.
        outline: every step with its depth.
    """

    name: str
    description: str
    field_problems: Mapping[str, str]
    permissions: str
    is_other: bool
    nsfw: bool
    contexts: tuple[str, ...]
    options: tuple[OptionView, ...]
    steps: tuple[StepView, ...]
    outline: tuple[tuple[int, StepView], ...]
    problems: tuple[ProblemView, ...]
    chips: tuple[str, ...]
    is_trigger_open: bool


def view_editor(document: Mapping[str, Any], problems: list[Problem], opened: str) -> EditorView:
    """Work out the editor.

    Args:
        document: the raw draft.
        problems: everything that is wrong with it.
        opened: the place that its author wants to see; the first problem, or the first step, when empty.
    """
    found = by_place(problems)
    steps = document.get("steps")
    opened = opened or _first_place(problems, steps)
    top = Problems(found)
    permissions = str(document.get("default_member_permissions") or "")
    cards = view_steps(steps, found, opened)
    names = (
        "",
        "name",
        "description",
        "default_member_permissions",
        "nsfw",
        "contexts",
        "options",
        "steps",
        "schema",
    )
    return EditorView(
        name=str(document.get("name", "")),
        description=str(document.get("description", "")),
        field_problems={name: top.take(name) or _inside(top, name) for name in names},
        permissions=permissions,
        is_other=permissions not in PERMISSIONS,
        nsfw=document.get("nsfw") is True,
        contexts=tuple(document.get("contexts", DEFAULT_CONTEXTS)),
        options=view_options(document.get("options"), found, opened),
        steps=cards,
        outline=tuple(walk(cards)),
        problems=view_problems(problems),
        chips=tuple(insertable(document)),
        is_trigger_open=opened in names[1:6],
    )


def _inside(problems: Problems, name: str) -> str:
    return problems.take_inside(name) if name in {"contexts", "default_member_permissions"} else ""


def _first_place(problems: list[Problem], steps: Any) -> str:
    if problems:
        return problems[0].path
    return "steps[0]" if steps else "name"
