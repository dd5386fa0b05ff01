"""The words for a command: what is live of it, and what Discord shows."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.bots.types import BotView, DesiredState
from socialcube.domain.commands import documents, policy, queries
from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.domain.commands.types import CommandState, CommandView


@dataclass(frozen=True, slots=True)
class Words:
    """A state for people.

    Attributes:
        tone: class of its colour.
        icon: its shape.
        detail: why it is so.
    """

    word: str
    tone: str
    icon: str
    detail: str = ""


_LOOKS: Final = {
    CommandState.DRAFT: ("off", "s-stopped", "Nobody sees it yet."),
    CommandState.OFF: ("off", "s-off", "Switched off: nobody can use it."),
    CommandState.CHANGED: ("draft", "s-draft", "People use the published version; the draft is newer."),
    CommandState.LIVE: ("ok", "s-online", "The draft is what people use."),
}


def say_state(command: CommandView, *, is_numbered: bool = True) -> Words:
    """Say what is live of a command, with the number of that version where nothing else tells it."""
    word = command.state.value
    if is_numbered and command.published_version is not None:
        first, *rest = word.split(" ", 1)
        word = " ".join([first, f"v{command.published_version}", *rest])
    return Words(word, *_LOOKS[command.state])


def say_registration(session: Session, command: CommandView, bot: BotView) -> Words:
    """Say whether Discord shows what is published."""
    live = next(
        (item for item in queries.list_published(session, bot.id) if item.command_id == command.id), None
    )
    if live is None:
        return Words("Not at Discord", "off", "s-stopped", "Publish it, and switch it on, to offer it there.")
    known = {(entry.guild_id, entry.name): entry for entry in queries.list_registrations(session, bot.id)}
    entry = known.get((live.guild_id, live.name))
    try:
        body = documents.to_registration(documents.parse(dict(live.document)), live.guild_id)
    except CommandsInvalidError as error:
        return Words("Problem", "bad", "s-failed", error.message)
    is_there = entry is not None and entry.external_id is not None
    if entry and is_there and entry.digest == policy.digest(policy.normalise(body)):
        return Words("At Discord", "ok", "s-online", "Discord shows exactly what is published.")
    if bot.state.commands_problem:
        return Words("Problem", "bad", "s-failed", bot.state.commands_problem)
    if bot.desired_state is DesiredState.STOPPED:
        return Words(
            "Waiting", "warn", "s-unstable", f"{bot.name} is stopped; start it, and Discord learns of it."
        )
    return Words("Waiting", "busy", "s-busy", f"{bot.name} tells Discord as soon as it can.")
