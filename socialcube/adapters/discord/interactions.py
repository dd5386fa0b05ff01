"""From a raw INTERACTION_CREATE to our own words, without py-cord's objects: this is the hot path."""

import asyncio
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from socialcube.adapters.base import BotEvents
from socialcube.adapters.discord.responder import InteractionResponder
from socialcube.adapters.discord.transport import Transport
from socialcube.domain.commands.types import Invocation, Person
from socialcube.kernel.ids import new_id

_APPLICATION_COMMAND: Final = 2
_CHAT_INPUT: Final = 1
_USER, _CHANNEL, _ROLE = 6, 7, 8


class InteractionReader:
    """Reads the interactions of one bot.

    Args:
        bot_id: our key of the bot.
        transport: carries the answers.
        events: takes the invocations.
        name_guild: gives the name of a server, which the event does not tell.
        note_success: hears that Discord took an answer.
    """

    def __init__(
        self,
        bot_id: UUID,
        transport: Transport,
        events: BotEvents,
        *,
        name_guild: Callable[[int | None], str],
        note_success: Callable[[], None],
    ) -> None:
        self._bot_id = bot_id
        self._transport = transport
        self._events = events
        self._name_guild = name_guild
        self._note_success = note_success

    def take(self, data: dict[str, Any]) -> asyncio.Task[None] | None:
        """Hand on the use of a slash command. Other kinds of interaction are not ours yet.

        Returns:
            The run, None when there is none.

        Raises:
            KeyError, TypeError, ValueError: the event is broken.
        """
        if data["type"] != _APPLICATION_COMMAND or data["data"].get("type", _CHAT_INPUT) != _CHAT_INPUT:
            return None
        invocation = self._read(data)
        responder = InteractionResponder(
            self._transport,
            bot_id=self._bot_id,
            application_id=int(data["application_id"]),
            interaction_id=invocation.external_id,
            token=str(data["token"]),
            received=invocation.received,
            may_send=self._events.may_send,
            note_success=self._note_success,
        )
        return self._events.invoked(invocation, responder)

    def _read(self, data: dict[str, Any]) -> Invocation:
        clock = self._transport.clock
        guild_id = int(data["guild_id"]) if data.get("guild_id") else None
        channel = data.get("channel") or {}
        return Invocation(
            event_id=new_id(),
            bot_id=self._bot_id,
            external_id=int(data["id"]),
            command_name=str(data["data"]["name"]),
            guild_id=guild_id,
            guild_name=self._name_guild(guild_id),
            channel_id=int(data.get("channel_id") or channel["id"]),
            channel_name=str(channel.get("name") or ""),
            person=_read_person(data),
            options=read_options(data["data"]),
            received_at=clock.now(),
            received=clock.monotonic(),
        )


def read_options(data: dict[str, Any]) -> dict[str, object]:
    """Read the typed values; a user, channel or role becomes a plain dict of id, name and mention."""
    resolved = data.get("resolved") or {}
    return {
        str(option["name"]): _read_value(option["type"], option["value"], resolved)
        for option in data.get("options", ())
    }


def _read_value(kind: int, value: Any, resolved: dict[str, Any]) -> object:
    match kind:
        case _ if kind == _USER:
            user = resolved.get("users", {}).get(value, {})
            member = resolved.get("members", {}).get(value, {})
            return _thing(value, _display_name(user, member), f"<@{value}>")
        case _ if kind == _CHANNEL:
            return _thing(value, resolved.get("channels", {}).get(value, {}).get("name"), f"<#{value}>")
        case _ if kind == _ROLE:
            return _thing(value, resolved.get("roles", {}).get(value, {}).get("name"), f"<@&{value}>")
        case _:
            return value


def _thing(external_id: Any, name: Any, mention: str) -> dict[str, object]:
    return {"id": str(external_id), "name": str(name or external_id), "mention": mention}


def _read_person(data: dict[str, Any]) -> Person:
    member = data.get("member") or {}
    user = member.get("user") or data["user"]
    return Person(id=int(user["id"]), name=str(user["username"]), display_name=_display_name(user, member))


def _display_name(user: dict[str, Any], member: dict[str, Any]) -> str:
    return str(member.get("nick") or user.get("global_name") or user.get("username") or "")
