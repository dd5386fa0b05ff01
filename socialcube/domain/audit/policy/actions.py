"""What was done, in words. An action that has none here is shown as it is written."""

from collections.abc import Mapping
from typing import Final

ACTIONS: Final[Mapping[str, str]] = {
    "access.denied": "Was refused",
    "alert.channel_create": "Added an alert channel",
    "alert.channel_delete": "Removed an alert channel",
    "alert.channel_edit": "Changed an alert channel",
    "alert.channel_off": "Switched an alert channel off, since nothing arrives there",
    "alert.channel_test": "Sent a test through an alert channel",
    "audit.head_broken": "Found the end of this log changed",
    "bot.create": "Added a bot",
    "bot.delete": "Deleted a bot",
    "bot.edit": "Changed a bot",
    "bot.fields": "Changed the fields of server settings",
    "bot.intents": "Changed a bot's intents",
    "bot.interactions": "Had Discord send a bot's commands here again",
    "bot.managers": "Opened or closed a bot to server managers",
    "bot.panic": "Stopped a bot and asked for a new token",
    "bot.presence": "Changed what a bot shows beside its name",
    "bot.profile": "Changed a bot's profile at Discord",
    "bot.purge": "Removed a deleted bot for good",
    "bot.reseal": "Sealed a bot's token anew",
    "bot.restart": "Restarted a bot",
    "bot.restore": "Restored a bot",
    "bot.start": "Started a bot",
    "bot.stop": "Stopped a bot",
    "bot.token_replace": "Replaced a bot's token",
    "code.login.make": "Made a sign-in link",
    "code.login.use": "Used a sign-in link",
    "code.setup.make": "Made a setup code",
    "code.setup.use": "Used the setup code",
    "command.apply": "Applied the changes to a bot's commands at Discord",
    "command.create": "Made a command",
    "command.delete": "Deleted a command",
    "command.edit": "Changed a command's draft",
    "command.publish": "Published a command",
    "command.roll_back": "Went back to an older version",
    "command.switch_off": "Switched a command off",
    "command.switch_on": "Switched a command on",
    "export.make": "Took a list away as a file",
    "grant.give": "Gave a role",
    "grant.take": "Took a role back",
    "group.create": "Made an access group",
    "group.delete": "Deleted an access group",
    "group.edit": "Changed an access group",
    "guild.leave": "Took a bot out of a server",
    "guild.settings": "Changed a server's settings",
    "invite.accept": "Accepted an invite",
    "invite.cancel": "Cancelled an invite",
    "invite.make": "Made an invite",
    "key.make": "Made an API key",
    "key.revoke": "Revoked an API key",
    "key.rotate": "Replaced an API key",
    "key.use_from_new_address": "An API key came from a new address",
    "keys.rotate": "Sealed all tokens to the newest key",
    "list.exported": "Took a list away as a file",
    "person.erase": "Erased a person",
    "role.create": "Made a role",
    "role.delete": "Deleted a role",
    "role.edit": "Changed a role",
    "secret.delete": "Deleted a secret",
    "secret.set": "Set a secret",
    "session.end": "Ended a sign-in",
    "session.end_all": "Signed somebody out everywhere",
    "session.end_others": "Ended the other sign-ins",
    "user.disable": "Switched an account off",
    "user.enable": "Switched an account on",
    "user.invite": "Invited a person",
    "user.sign_in": "Signed in",
    "user.sign_in_again": "Proved who they are",
    "user.sign_in_again.refuse": "Could not prove who they are",
    "user.sign_out": "Signed out",
}

SUBJECTS: Final[Mapping[str, str]] = {
    "bot": "Bot",
    "channel": "Alert channel",
    "command": "Command",
    "group": "Access group",
    "guild": "Server",
    "invite": "Invite",
    "job": "Job",
    "key": "API key",
    "list": "List",
    "page": "Page",
    "role": "Role",
    "secret": "Secret",
    "session": "Sign-in",
    "site": "Site",
    "user": "Person",
}


def describe_action(action: str) -> str:
    """Say what was done."""
    return ACTIONS.get(action, action)


def describe_subject(kind: str) -> str:
    """Say what kind of thing it was done to."""
    return SUBJECTS.get(kind, kind.capitalize())
