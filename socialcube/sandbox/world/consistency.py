"""Whether a world read from a file holds together."""

from socialcube.sandbox.world.records import Guild, State


def check(state: State) -> None:
    """Raise ValueError when something refers to what is not there."""
    for guild in state.guilds.values():
        _check_guild(guild, state)
    for application in state.applications.values():
        _need(application.owner_id in state.users, "an application's owner")
        _need(application.token is None or application.id in state.users, "a bot's user")
    for command in state.commands.values():
        _need(command.application_id in state.applications, "a command's application")
        _need({"name", "type"} <= command.body.keys(), "a command's name")
    for webhook in state.webhooks.values():
        _need(webhook.channel_id in state.guilds[webhook.guild_id].channels, "a webhook's channel")
        _need(webhook.id in state.users, "a webhook's account")
    for user in state.users.values():
        _need({user.avatar or None, user.banner} <= {None, *state.pictures}, "an account's picture")
    channels = {channel_id for guild in state.guilds.values() for channel_id in guild.channels}
    for channel_id, messages in state.messages.items():
        _need(channel_id in channels, "a message's channel")
        for message in messages:
            people = {
                message.author_id,
                *message.mention_ids,
                *([message.origin.user_id] if message.origin else []),
            }
            _need(people <= state.users.keys(), "a message's author")
            _need(message.guild_id in state.guilds, "a message's guild")


def _check_guild(guild: Guild, state: State) -> None:
    _need(guild.id in guild.roles, "a guild's @everyone role")
    _need(guild.owner_id in guild.members, "a guild's owner")
    for member in guild.members.values():
        _need(member.user_id in state.users, "a member's user")
        _need(guild.roles.keys() >= set(member.role_ids), "a member's role")
    for channel in guild.channels.values():
        _need(channel.guild_id == guild.id, "a channel's guild")


def _need(present: bool, what: str) -> None:  # noqa: FBT001 - reads as one sentence where it is called
    if not present:
        raise ValueError(f"{what} is missing")
