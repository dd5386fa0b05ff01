"""The three limited gateway intents, and the application flags that allow them."""

from typing import Final, NamedTuple


class _Limited(NamedTuple):
    """One limited intent.

    Attributes:
        full: flag of an application that Discord has verified for it.
        limited: flag that the owner of a smaller application switches.
        intent: what a gateway connection may then ask for.
    """

    full: int
    limited: int
    intent: int


# Discord docs, Application Object, "Application Flags", and Gateway, "Privileged Intents".
_LIMITED: Final = (
    _Limited(1 << 12, 1 << 13, 1 << 8),  # GUILD_PRESENCES
    _Limited(1 << 14, 1 << 15, 1 << 1),  # GUILD_MEMBERS
    _Limited(1 << 18, 1 << 19, 1 << 15),  # MESSAGE_CONTENT
)


def allowed_intents(flags: int) -> int:
    """Give the limited intents that an application's flags allow, as intent bits."""
    return sum(entry.intent for entry in _LIMITED if flags & (entry.full | entry.limited))


def changed_flags(flags: int, intents: int) -> int:
    """Give the flags of an application that shall be allowed exactly these limited intents.

    Only the flags with LIMITED in their name are changed, since Discord takes no others; what it verified
    stays, whatever was asked (Discord docs, Application, "Edit Current Application").
    """
    for entry in _LIMITED:
        if flags & entry.full:
            continue
        flags = flags | entry.limited if intents & entry.intent else flags & ~entry.limited
    return flags
