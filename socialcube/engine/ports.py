"""What the engine needs from the outside: small protocols, and the messages that pass through them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from socialcube.kernel.errors import SocialCubeError


@dataclass(frozen=True, slots=True)
class EmbedField:
    """One field of an embed.

    Attributes:
        name: 1 to 256 characters.
        value: 1 to 1,024 characters.
        inline: whether it may stand beside its neighbours.
    """

    name: str
    value: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """A framed block of a message. Empty texts are left out when it is sent.

    Attributes:
        title: up to 256 characters.
        description: up to 4,096 characters.
        url: address that the title leads to.
        colour: of the bar, 0 to 0xFFFFFF; None for Discord's own.
        author: name above the title, up to 256 characters.
        footer: line below, up to 2,048 characters.
        image_url: address of the large picture.
        thumbnail_url: address of the small picture.
        fields: up to 25; all texts of the embed together are up to 6,000 characters.
    """

    title: str = ""
    description: str = ""
    url: str = ""
    colour: int | None = None
    author: str = ""
    footer: str = ""
    image_url: str = ""
    thumbnail_url: str = ""
    fields: tuple[EmbedField, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What a person gets to see.

    Its texts may hold what strangers typed, so an adapter sends it with mentions off: on Discord
    `allowed_mentions` names nothing.

    Attributes:
        content: up to 2,000 characters, may be empty when there is an embed.
        embeds: up to 10.
        private: whether only the person who asked sees it (ephemeral).
    """

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    private: bool = False


class Responder(Protocol):
    """The way back to the person who started the run. It keeps no order of its own: the engine does.

    Both methods return once the platform has taken the call, raise `ResponderError` when it refuses, and
    `UnknownOutcomeError` when nobody can tell.
    The engine calls `defer` at most once, never after `reply`, and never two methods at a time.
    """

    async def defer(self, private: bool) -> None:  # noqa: FBT001 - the port is called by the engine alone
        """Tell the platform that an answer follows. It fixes whether that answer is private."""
        ...

    async def reply(self, message: Message) -> None:
        """Answer. The first one is the answer itself, also after `defer`; the others follow up."""
        ...


class Alarm(Protocol):
    """A call that is due later."""

    def cancel(self) -> None:
        """Let it not happen. Harmless when it did."""
        ...


class CallLater(Protocol):
    """Calls something later, once, like the event loop's `call_later`."""

    def __call__(self, delay: float, callback: Callable[[], None], /) -> Alarm:
        """Call it in `delay` seconds, on the event loop."""
        ...


class ResponderError(SocialCubeError):
    """Discord refused the answer: {reason} ({number}).

    Attributes:
        number: the platform's own number or name of the refusal.
        reachable: whether another try could reach the person at all. False once the window has closed
            (on Discord 10062, 10015, 40060, 50027): then nothing more is sent.
    """

    code = "answer_refused"

    def __init__(self, code: int | str, message: str, *, reachable: bool = True) -> None:
        super().__init__(number=code, reason=message)
        self.number = code
        self.reachable = reachable


class AlreadyAnsweredError(ResponderError):
    """This was answered before, by another process or for an event that came twice: {reason} ({number})."""

    code = "already_answered"

    def __init__(self, code: int | str, message: str) -> None:
        super().__init__(code, message, reachable=False)


class UnknownOutcomeError(SocialCubeError):
    """Discord did not confirm the answer, so nobody knows whether it arrived: {reason}."""

    code = "answer_unconfirmed"
    remedy = "Nothing to do: Discord or the way to it had a problem. Use the command again."
