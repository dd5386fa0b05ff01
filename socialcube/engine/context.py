"""What templates see: plain dicts, lists, texts and numbers. Never an object of a library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NotRequired, TypedDict

_MAX_DEPTH: Final = 12
_SCALARS: Final = frozenset({str, int, bool, float, type(None)})


class UserView(TypedDict):
    """A person. The id is text, as everywhere in JSON; `mention` is what pings them where that is allowed."""

    id: str
    name: str
    display_name: str
    mention: str


class ServerView(TypedDict):
    """A server."""

    id: str
    name: str


class ChannelView(TypedDict):
    """A channel."""

    id: str
    name: str
    mention: str


class BotView(TypedDict):
    """The bot itself."""

    id: str
    name: str
    mention: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Context:
    """The facts of one run.

    Attributes:
        user: who started it.
        bot: who runs it.
        server: where, None in a direct message.
        channel: where, None when there is none.
        options: values by option name. Users, channels and roles are dicts with `id`, `name` and `mention`;
            an option that was left out is None, so that templates know its name.
        settings: the server's settings by name.
        vars: variables that exist before the run.

    Raises:
        TypeError: a value is not plain data. That is a mistake of the caller, not of the author.
    """

    user: UserView
    bot: BotView
    server: ServerView | None = None
    channel: ChannelView | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    vars: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for value in (self.user, self.bot, self.server, self.channel, self.options, self.settings, self.vars):
            _check_plain(value, 0)

    def names(self, *, now: str) -> dict[str, Any]:
        """Give the names that templates see.

        Args:
            now: the start of the run in ISO 8601.
        """
        return {
            "user": self.user,
            "bot": self.bot,
            "server": self.server,
            "channel": self.channel,
            "options": self.options,
            "settings": self.settings,
            "vars": dict(self.vars),
            "now": now,
        }


def _check_plain(value: object, depth: int) -> None:
    kind = type(value)
    if kind in _SCALARS:
        return
    if depth > _MAX_DEPTH:
        raise TypeError("a value for templates is nested too deeply")
    children: Any = value
    if kind is dict:
        for key in children:
            if type(key) is not str:
                raise TypeError("a value for templates has a key that is not text")
        children = children.values()
    elif kind is not list:
        raise TypeError(f"a {kind.__name__} is not plain data for templates")
    for child in children:
        if type(child) not in _SCALARS:
            _check_plain(child, depth + 1)
