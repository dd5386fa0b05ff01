"""A message before it exists, and what its text mentions."""

import re
from dataclasses import dataclass, field
from typing import Any

from socialcube.sandbox.world.records import Guild

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(slots=True)
class AllowedMentions:
    """Who a message may ping (Discord docs, "Message" > "Allowed Mentions Object").

    Attributes:
        parse: kinds that ping without being listed: `users`, `roles`, `everyone`.
        users: ids that ping.
        roles: ids that ping.
    """

    parse: frozenset[str] = frozenset({"users", "roles", "everyone"})
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()


@dataclass(slots=True)
class Draft:
    """What an author asks to be posted, already checked against Discord's rules.

    Attributes:
        attachments: attachment objects of the files that came along.
        reply_to: id of the message it answers.
        nonce: the author's own name for it, told back in MESSAGE_CREATE.
        enforce_nonce: make a second draft with the same nonce answer with the first's message.
    """

    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    tts: bool = False
    mentions: AllowedMentions = field(default_factory=AllowedMentions)
    reply_to: int | None = None
    nonce: str | int | None = None
    enforce_nonce: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to see in it."""
        return not (self.content.strip() or self.embeds or self.components or self.attachments)


def mentioned_users(draft: Draft, guild: Guild) -> list[int]:
    """Give the ids of the members that the text pings, each once, in order."""
    found = [int(match) for match in _USER.findall(draft.content)]
    allowed = draft.mentions
    return [
        key
        for key in dict.fromkeys(found)
        if key in guild.members and ("users" in allowed.parse or key in allowed.users)
    ]


def mentioned_roles(draft: Draft, guild: Guild) -> list[int]:
    """Give the ids of the roles that the text pings, each once, in order."""
    found = [int(match) for match in _ROLE.findall(draft.content)]
    allowed = draft.mentions
    return [
        key
        for key in dict.fromkeys(found)
        if key in guild.roles and ("roles" in allowed.parse or key in allowed.roles)
    ]


def mentions_everyone(draft: Draft) -> bool:
    """Tell whether the text pings everyone, if its author may."""
    return "everyone" in draft.mentions.parse and bool(_EVERYONE.search(draft.content))
