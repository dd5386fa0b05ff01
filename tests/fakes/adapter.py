"""A bot's adapter that a test leads through its life."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from socialcube.adapters.base import ApplicationFacts, BotEvents, CommandDirectory, Launch, SessionStarts
from socialcube.domain.bots.types import Presence, Profile, ProfileField, ProfilePicture
from socialcube.domain.commands.policy.sameness import CHAT_INPUT
from socialcube.domain.commands.types import DesiredCommand, RemoteCommand
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.engine.ports import Message

if TYPE_CHECKING:
    from datetime import datetime


class FakeDirectory:
    """The commands at a platform.

    Attributes:
        there: what it shows, by id.
        faults: raised by the next call of a method, by its name.
        calls: what was asked, in order.
    """

    def __init__(self) -> None:
        self.there: dict[int, RemoteCommand] = {}
        self.faults: dict[str, Exception] = {}
        self.lost_answers = False
        self.calls: list[tuple[str, object]] = []
        self._next = 7000

    def put(self, name: str, guild_id: int | None = None, description: str = "Theirs") -> int:
        """Let another program make a command."""
        return self._add(guild_id, name, {"name": name, "description": description, "type": CHAT_INPUT})

    async def list_commands(self, guild_id: int | None) -> list[RemoteCommand]:
        self._note("list", guild_id)
        return [command for command in self.there.values() if command.guild_id == guild_id]

    async def create_command(self, desired: DesiredCommand) -> int:
        self._note("create", desired.name)
        external_id = self._add(desired.guild_id, desired.name, dict(desired.body))
        if self.lost_answers:
            raise ConnectionError("the answer was lost")
        return external_id

    async def update_command(self, external_id: int, desired: DesiredCommand) -> None:
        self._note("update", desired.name)
        self.there[external_id] = RemoteCommand(
            external_id, desired.guild_id, desired.name, CHAT_INPUT, dict(desired.body)
        )

    async def delete_command(self, guild_id: int | None, external_id: int) -> None:
        self._note("delete", (guild_id, external_id))
        self.there.pop(external_id, None)

    def _note(self, method: str, what: object) -> None:
        self.calls.append((method, what))
        if fault := self.faults.get(f"{method} {what}") or self.faults.get(method):
            raise fault

    def _add(self, guild_id: int | None, name: str, body: dict[str, object]) -> int:
        self._next += 1
        self.there[self._next] = RemoteCommand(self._next, guild_id, name, CHAT_INPUT, body)
        return self._next


class FakeAdapter:
    """Runs until the test ends it.

    Attributes:
        events: the listener that the fleet gave.
        ending: what `run` ends with: None for a normal end, or an exception.
        stops: the `hand_over` of each stop.
        intents: limited intents that the application is allowed.
        session: what another process could go on with.
        remote: servers as the platform tells them when it is asked.
        posts: channel, message and name of each message sent.
        refusal: raised by the next posts.
        managers: server and person of those who manage one.
        presence: what it shows.
        shown: each presence that was set.
        profile: how it looks at the platform.
        profile_faults: raised by changes of a part.
        interactions_url: where the platform sends commands instead.
    """

    def __init__(self, launch: Launch, events: BotEvents) -> None:
        self.launch = launch
        self.events = events
        self.directory = FakeDirectory()
        self.guilds: dict[int, GuildSnapshot] = {}
        self.ending: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stops: list[bool] = []
        self.intents = 0
        self.posts: list[tuple[int, Message, str]] = []
        self.refusal: Exception | None = None
        self.managers: set[tuple[int, int]] = set()
        self.presence: Presence | None = launch.presence
        self.shown: list[Presence] = []
        self.profile = Profile("Fern")
        self.profile_faults: dict[ProfileField, Exception] = {}
        self.interactions_url = ""
        self.latency_ms: float | None = 12.5
        self.last_event_at: datetime | None = None
        self.last_ack_at: datetime | None = None
        self.last_rest_at: datetime | None = None
        self.session = launch.session
        self.remote: dict[int, GuildSnapshot] = {}

    @property
    def commands(self) -> CommandDirectory:
        return self.directory

    @property
    def guild_count(self) -> int:
        return len(self.guilds)

    def describe_guild(self, external_id: int) -> GuildSnapshot | None:
        return self.guilds.get(external_id)

    async def fetch_guild(self, external_id: int) -> GuildSnapshot | None:
        return self.remote.get(external_id)

    def list_guild_ids(self) -> frozenset[int]:
        return frozenset(self.guilds)

    async def inspect(self) -> ApplicationFacts:
        starts = SessionStarts(900, 1000, 60.0)
        return ApplicationFacts(self.intents, 1 << 23, True, starts, self.interactions_url)  # noqa: FBT003 - public

    async def set_intents(self, intents: int) -> int:
        self.intents = intents
        return intents

    async def take_interactions(self) -> None:
        self.interactions_url = ""

    async def set_presence(self, presence: Presence) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.presence = presence
        self.shown.append(presence)

    async def edit_profile(self, changes: Mapping[ProfileField, str | ProfilePicture | None]) -> Profile:
        for field, value in changes.items():
            if field in self.profile_faults:
                raise self.profile_faults[field]
            text = f"hash_of_{len(value.content)}" if isinstance(value, ProfilePicture) else value
            part: dict[str, Any] = {field.value: text}
            self.profile = replace(self.profile, **part)
        return self.profile

    async def is_manager(self, guild_id: int, user_id: int) -> bool:
        return (guild_id, user_id) in self.managers

    async def leave_guild(self, external_id: int) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.guilds.pop(external_id, None)

    async def post(self, channel_id: int, message: Message, name: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.posts.append((channel_id, message, name))

    async def run(self) -> None:
        await self.ending

    async def stop(self, *, hand_over: bool) -> None:
        self.stops.append(hand_over)
        if not hand_over:
            self.session = None
        if not self.ending.done():
            self.ending.set_result(None)
