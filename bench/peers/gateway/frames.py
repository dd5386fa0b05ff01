"""What a bot is told: one guild of its own, uses of `/greet`, and the noise of a guild.

The sandbox makes each text once, so that it has Discord's shape; the ids are then those of the bot.
"""

import json
import re
from typing import Any, Final

from socialcube.sandbox.forms import commands
from socialcube.sandbox.gateway import events
from socialcube.sandbox.shapes.guilds import channel_json
from socialcube.sandbox.shapes.interactions import callback_json, interaction_json
from socialcube.sandbox.shapes.messages import event_json
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import ResponseKind
from socialcube.sandbox.world.seed import FERN, GREENHOUSE, MARA
from socialcube.sandbox.world.world import World

COMMAND: Final = {
    "name": "greet",
    "description": "Greet somebody",
    "options": [
        {"type": 3, "name": "who", "description": "Whom to greet", "required": True},
        {"type": 4, "name": "times", "description": "How often", "required": True},
    ],
}
_CHANNEL: Final = 3002
_ALL_INTENTS: Final = 1 | 1 << 9 | 1 << 15


class Frames:
    """Texts for one bot.

    Args:
        bot_id: its id.
        address: host and port of this server.
    """

    def __init__(self, bot_id: int, address: str) -> None:
        self.bot_id = bot_id
        self._address = address

    def ready(self, session_id: str) -> str:
        """Give READY."""
        return self._own(_TEMPLATES["READY"]).replace("@session", session_id).replace("@gw", self._address)

    def guild_create(self) -> str:
        """Give GUILD_CREATE of the bot's guild."""
        return self._own(_TEMPLATES["GUILD_CREATE"])

    def noise(self) -> list[str]:
        """Give events of an ordinary minute: eight messages, a changed channel and a changed guild."""
        return [self._own(_TEMPLATES[name]) for name in _MINUTE]

    def use(self) -> str:
        """Give INTERACTION_CREATE with `@id`, `@token`, `@user` and `@command` still open."""
        return self._own(_TEMPLATES["INTERACTION_CREATE"])

    def posted(self) -> bytes:
        """Give the answer to a callback that asked for the message."""
        return self._own(_TEMPLATES["callback"]).encode()

    def me(self) -> bytes:
        """Give the bot's own user."""
        return self._own(_TEMPLATES["me"]).encode()

    def _own(self, template: str) -> str:
        """Put this bot's ids in the place of the first day's."""
        return _IDS.sub(lambda found: f'"{self._id(found[1])}"', template)

    def _id(self, known: str) -> str:
        return str(self.bot_id) if known == str(GREENHOUSE) else f"{self.bot_id}{known:0>9}"


_MINUTE: Final = (*["MESSAGE_CREATE"] * 4, "CHANNEL_UPDATE", *["MESSAGE_CREATE"] * 4, "GUILD_UPDATE")


def _templates() -> tuple[dict[str, str], "re.Pattern[str]"]:
    world = World()
    guild = world.guilds.get(FERN)
    command, _ = world.commands.upsert(GREENHOUSE, None, commands.new(COMMAND, in_guild=False))
    given = [{"type": 3, "name": "who", "value": "Priya"}, {"type": 4, "name": "times", "value": 3}]
    use = world.interactions.invoke(MARA, _CHANNEL, command.id, given)
    shape = interaction_json(world, use)
    shape |= {"id": "@id", "token": "@token"}
    shape["data"]["id"] = "@command"
    shape["member"]["user"]["id"] = "@user"
    message = world.messages.post(MARA, _CHANNEL, Draft("How often do you water the fern by the door?"))
    told: dict[str, Any] = {
        "READY": events.ready(world, "@session", GREENHOUSE, (0, 1), "http://@gw"),
        "GUILD_CREATE": events.guild_create(world, guild, GREENHOUSE, _ALL_INTENTS),
        "GUILD_UPDATE": events.guild_create(world, guild, GREENHOUSE, _ALL_INTENTS),
        "CHANNEL_UPDATE": channel_json(guild.channels[_CHANNEL]),
        "MESSAGE_CREATE": event_json(world, message),
        "INTERACTION_CREATE": shape,
    }
    texts = {name: json.dumps(data, separators=(",", ":")) for name, data in told.items()}
    world.interactions.respond(use, ResponseKind.MESSAGE, Draft("Hello"))
    texts["callback"] = json.dumps(callback_json(world, use))
    texts["me"] = json.dumps(told["READY"]["user"])
    known = "|".join(str(key) for key in (GREENHOUSE, guild.id, *guild.channels, *guild.roles))
    return texts, re.compile(f'"({known})"')


_TEMPLATES, _IDS = _templates()
