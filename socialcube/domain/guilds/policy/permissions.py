"""The platform's permissions in plain words (Discord docs, "Permissions", "Bitwise Permission Flags")."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from socialcube.domain.guilds.types import ServerPermission

_STRONG: Final = (
    ("ADMINISTRATOR", 3, "Administrator", "do everything, in every channel, past every other rule"),
    ("MANAGE_GUILD", 5, "Manage Server", "change the server itself, its name and its invites"),
    ("MANAGE_ROLES", 28, "Manage Roles", "make roles, and give and take those below its own"),
    ("MANAGE_CHANNELS", 4, "Manage Channels", "make, change and delete channels"),
    ("BAN_MEMBERS", 2, "Ban Members", "shut people out of the server"),
    ("KICK_MEMBERS", 1, "Kick Members", "remove people from the server"),
    ("MODERATE_MEMBERS", 40, "Timeout Members", "keep people from writing for a while"),
    ("MANAGE_MESSAGES", 13, "Manage Messages", "delete and pin what others write"),
    ("PIN_MESSAGES", 51, "Pin Messages", "pin what others write"),
    ("MANAGE_THREADS", 34, "Manage Threads", "close, change and delete threads"),
    ("MANAGE_NICKNAMES", 27, "Manage Nicknames", "rename people in the server"),
    ("MANAGE_WEBHOOKS", 29, "Manage Webhooks", "let other programs write in channels"),
    ("MANAGE_GUILD_EXPRESSIONS", 30, "Manage Expressions", "change and delete emoji, stickers and sounds"),
    ("MANAGE_EVENTS", 33, "Manage Events", "change and delete events"),
    ("MENTION_EVERYONE", 17, "Mention Everyone", "call on everybody at once"),
    ("VIEW_AUDIT_LOG", 7, "View Audit Log", "read who changed what in the server"),
    ("VIEW_GUILD_INSIGHTS", 19, "View Server Insights", "read the server's statistics"),
    ("MUTE_MEMBERS", 22, "Mute Members", "mute people in voice channels"),
    ("DEAFEN_MEMBERS", 23, "Deafen Members", "keep people in voice channels from hearing"),
    ("MOVE_MEMBERS", 24, "Move Members", "move people between voice channels"),
)
_PLAIN: Final = (
    ("VIEW_CHANNEL", 10, "View Channels", "see channels and what is in them"),
    ("SEND_MESSAGES", 11, "Send Messages", "write in channels"),
    ("SEND_MESSAGES_IN_THREADS", 38, "Send Messages in Threads", "write in threads"),
    ("EMBED_LINKS", 14, "Embed Links", "show previews and framed texts"),
    ("ATTACH_FILES", 15, "Attach Files", "add files to messages"),
    ("READ_MESSAGE_HISTORY", 16, "Read Message History", "read what was written before"),
    ("ADD_REACTIONS", 6, "Add Reactions", "react to messages"),
    ("USE_EXTERNAL_EMOJIS", 18, "Use External Emoji", "use emoji of other servers"),
    ("USE_EXTERNAL_STICKERS", 37, "Use External Stickers", "use stickers of other servers"),
    ("SEND_TTS_MESSAGES", 12, "Send Text-to-Speech Messages", "have messages read aloud"),
    ("SEND_VOICE_MESSAGES", 46, "Send Voice Messages", "send spoken messages"),
    ("SEND_POLLS", 49, "Create Polls", "start polls"),
    ("CREATE_PUBLIC_THREADS", 35, "Create Public Threads", "open threads that everybody sees"),
    ("CREATE_PRIVATE_THREADS", 36, "Create Private Threads", "open threads for chosen people"),
    ("CREATE_INSTANT_INVITE", 0, "Create Invite", "invite people"),
    ("CHANGE_NICKNAME", 26, "Change Nickname", "change its own name in the server"),
    ("CREATE_GUILD_EXPRESSIONS", 43, "Create Expressions", "add emoji, stickers and sounds"),
    ("CREATE_EVENTS", 44, "Create Events", "add events"),
    ("USE_APPLICATION_COMMANDS", 31, "Use Application Commands", "use commands of others"),
    ("USE_EXTERNAL_APPS", 50, "Use External Apps", "use apps that are not in the server"),
    ("USE_EMBEDDED_ACTIVITIES", 39, "Use Activities", "start activities"),
    ("CONNECT", 20, "Connect", "join voice channels"),
    ("SPEAK", 21, "Speak", "speak in voice channels"),
    ("STREAM", 9, "Video", "show video"),
    ("USE_VAD", 25, "Use Voice Activity", "speak without pressing a key"),
    ("PRIORITY_SPEAKER", 8, "Priority Speaker", "be louder than others"),
    ("REQUEST_TO_SPEAK", 32, "Request to Speak", "ask to speak on a stage"),
    ("USE_SOUNDBOARD", 42, "Use Soundboard", "play sounds"),
    ("USE_EXTERNAL_SOUNDS", 45, "Use External Sounds", "play sounds of other servers"),
)

PERMISSIONS: Final[Mapping[str, ServerPermission]] = MappingProxyType(
    {
        **{name: ServerPermission(name, bit, label, effect, True) for name, bit, label, effect in _STRONG},  # noqa: FBT003 - the rows of this table are strong
        **{name: ServerPermission(name, bit, label, effect) for name, bit, label, effect in _PLAIN},
    }
)
"""Every permission by its name, the strong ones first."""

ADMINISTRATOR: Final = PERMISSIONS["ADMINISTRATOR"]
POSTING: Final = (PERMISSIONS["VIEW_CHANNEL"], PERMISSIONS["SEND_MESSAGES"])
"""What it takes to write in a channel."""

CHANNEL_MASK: Final = sum(permission.mask for permission in POSTING)
"""The bits that are kept of what a bot may do in a single channel."""


def list_permissions(bits: int) -> tuple[ServerPermission, ...]:
    """List what permission bits allow, strong things first. Bits that nobody knows yet are left out."""
    return tuple(permission for permission in PERMISSIONS.values() if bits & permission.mask)


def name_permissions(bits: int) -> str:
    """Name what permission bits allow, as the platform shows it, parted by commas."""
    return ", ".join(permission.label for permission in list_permissions(bits))


def effective_bits(bits: int) -> int:
    """Give what really holds: whoever administers a server may do everything there."""
    return -1 if bits & ADMINISTRATOR.mask else bits
