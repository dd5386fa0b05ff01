"""Turns the world's changes into gateway events."""

from typing import Final

from socialcube.sandbox.gateway import events
from socialcube.sandbox.gateway.hub import Hub
from socialcube.sandbox.gateway.protocol import CloseCode
from socialcube.sandbox.shapes.guilds import channel_json, guild_json, role_json
from socialcube.sandbox.shapes.interactions import interaction_json
from socialcube.sandbox.shapes.users import Json, full_member_json, own_user_json, user_json
from socialcube.sandbox.world import changes
from socialcube.sandbox.world.interaction import Interaction
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import Message
from socialcube.sandbox.world.world import World


class Broadcast:
    """Subscribes a hub to its world.

    Args:
        world: the world whose changes are told.
        hub: the sessions to tell.
    """

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self.base_url = ""

    def tell(self, change: changes.Change) -> None:
        """Send the events that a change makes, to the bots that may know of it."""
        match change:
            case changes.MessagePosted(message):
                self._message("MESSAGE_CREATE", message)
            case changes.MessageEdited(message):
                self._message("MESSAGE_UPDATE", message)
            case changes.MessageRemoved(message):
                self._message_gone(message)
            case changes.InteractionStarted(interaction):
                self._interaction(interaction)
            case changes.UserChanged(user_id):
                self._hub.dispatch(user_id, "USER_UPDATE", own_user_json(self._world.get_user(user_id)))
            case changes.TokenReset(application_id):
                self._hub.end_sessions(application_id, CloseCode.AUTHENTICATION_FAILED)
            case changes.WorldReset():
                for session in self._hub.all_sessions():
                    self._hub.end_sessions(session.application_id, CloseCode.AUTHENTICATION_FAILED)
            case _:
                self._guild_change(change)

    def _interaction(self, interaction: Interaction) -> None:
        application_id, guild_id = interaction.application_id, interaction.guild_id
        # They go to one place or the other (Discord docs, "Receiving and Responding", "Receiving an
        # Interaction"). Nothing leaves this machine, so at the other place nobody answers.
        if self._world.applications.get(application_id).interactions_url:
            return
        shape = interaction_json(self._world, interaction, base_url=self.base_url)
        self._hub.dispatch(application_id, "INTERACTION_CREATE", shape, guild_id=guild_id)

    def _guild_change(self, change: changes.Change) -> None:
        match change:
            case changes.GuildChanged(guild_id):
                self._to_guild(guild_id, "GUILD_UPDATE", guild_json(self._world.guilds.get(guild_id)))
            case (
                changes.ChannelCreated(channel)
                | changes.ChannelChanged(channel)
                | changes.ChannelRemoved(channel)
            ):
                self._to_guild(channel.guild_id, _CHANNEL_EVENTS[type(change)], channel_json(channel))
            case changes.RoleCreated(guild_id, role):
                shape = {"guild_id": str(guild_id), "role": role_json(role)}
                self._to_guild(guild_id, "GUILD_ROLE_CREATE", shape)
            case changes.RoleRemoved(guild_id, role):
                shape = {"guild_id": str(guild_id), "role_id": str(role.id)}
                self._to_guild(guild_id, "GUILD_ROLE_DELETE", shape)
            case _:
                self._membership(change)

    def _membership(self, change: changes.Change) -> None:
        match change:
            case changes.BotAdded(guild_id, application_id):
                self._added(guild_id, application_id)
            case changes.BotRemoved(guild_id, application_id):
                self._hub.dispatch(application_id, "GUILD_DELETE", {"id": str(guild_id)}, guild_id=guild_id)
                self._member_left(guild_id, application_id)
            case changes.MemberJoined(guild_id, user_id):
                self._member_joined(guild_id, user_id)
            case changes.MemberChanged(guild_id, user_id):
                shape = self._member(guild_id, user_id)
                self._to_guild(guild_id, "GUILD_MEMBER_UPDATE", shape, member_id=user_id)
            case changes.MemberLeft(guild_id, user_id):
                self._member_left(guild_id, user_id)
            case _:
                pass

    def _message(self, event: str, message: Message) -> None:
        if message.seen_by is not None:
            return
        for application_id in self._readers(message.guild_id, message.channel_id):
            for session in self._hub.sessions_of(application_id):
                if session.wants(event, message.guild_id):
                    shape = events.message_event(
                        self._world, message, application_id, session.intents, self.base_url
                    )
                    session.dispatch(event, shape)

    def _message_gone(self, message: Message) -> None:
        if message.seen_by is not None:
            return
        keys = (message.id, message.channel_id, message.guild_id)
        shape = dict(zip(("id", "channel_id", "guild_id"), map(str, keys), strict=True))
        for application_id in self._readers(message.guild_id, message.channel_id):
            self._hub.dispatch(application_id, "MESSAGE_DELETE", shape, guild_id=message.guild_id)

    def _readers(self, guild_id: int, channel_id: int) -> list[int]:
        """Give the bots of a guild that see a channel."""
        return [
            application.id
            for application in self._world.guilds.list_bots(guild_id)
            if self._world.guilds.may(application.id, channel_id, Permission.VIEW_CHANNEL)
        ]

    def _added(self, guild_id: int, application_id: int) -> None:
        guild = self._world.guilds.get(guild_id)
        for session in self._hub.sessions_of(application_id):
            if session.wants("GUILD_CREATE", guild_id):
                session.dispatch(
                    "GUILD_CREATE", events.guild_create(self._world, guild, application_id, session.intents)
                )
        self._member_joined(guild_id, application_id)

    def _member_joined(self, guild_id: int, user_id: int) -> None:
        self._to_guild(guild_id, "GUILD_MEMBER_ADD", self._member(guild_id, user_id), without=user_id)

    def _member(self, guild_id: int, user_id: int) -> Json:
        member = self._world.guilds.get_member(guild_id, user_id)
        return full_member_json(member, self._world.get_user(user_id)) | {"guild_id": str(guild_id)}

    def _member_left(self, guild_id: int, user_id: int) -> None:
        shape = {"guild_id": str(guild_id), "user": user_json(self._world.get_user(user_id))}
        self._to_guild(guild_id, "GUILD_MEMBER_REMOVE", shape)

    def _to_guild(
        self,
        guild_id: int,
        event: str,
        shape: Json,
        *,
        without: int | None = None,
        member_id: int | None = None,
    ) -> None:
        for application in self._world.guilds.list_bots(guild_id):
            if application.id != without:
                self._hub.dispatch(application.id, event, shape, guild_id=guild_id, member_id=member_id)


_CHANNEL_EVENTS: Final[dict[type[changes.Change], str]] = {
    changes.ChannelCreated: "CHANNEL_CREATE",
    changes.ChannelChanged: "CHANNEL_UPDATE",
    changes.ChannelRemoved: "CHANNEL_DELETE",
}
