"""What the chat page refuses, in words for the person who reads the page."""

from typing import ClassVar, Final

from socialcube.kernel.errors import SocialCubeError
from socialcube.sandbox import errors as discord


class ChatError(SocialCubeError):
    """The chat cannot do this."""

    code = "chat_refused"
    status: ClassVar[int] = 400


class ForeignPageError(ChatError):
    """This request did not come from the chat page. Open /chat on this machine and do it there."""

    code = "foreign_page"
    status = 403


class BadBodyError(ChatError):
    """The request is not readable: {reason}."""

    code = "bad_body"


class BadFieldError(ChatError):
    """The field "{field}" must be {expected}."""

    code = "bad_field"


class NoSuchPersonError(ChatError):
    """There is no demo person with this id. Open /chat and choose one of those shown there."""

    code = "no_such_person"


class TooLongError(ChatError):
    """A message has at most {limit} characters; this one has {length}. Shorten it and send it again."""

    code = "too_long"


_PLAIN: Final[dict[type[discord.DiscordError], str]] = {
    discord.UnknownChannelError: "This channel is gone. Choose another one.",
    discord.UnknownMessageError: "This message is gone.",
    discord.UnknownMemberError: "This person is not in that server. Choose another server or person.",
    discord.UnknownCommandError: "This command is gone. Type / again to see what there is now.",
    discord.MissingAccessError: "This person may not see that channel. Choose another one.",
    discord.MissingPermissionsError: "This person may not do that here. Choose another person or channel.",
    discord.NotATextChannelError: "Nobody can write in this channel. Choose a text channel.",
    discord.EmptyMessageError: "A message needs some text.",
}


def plain_sentence(error: SocialCubeError) -> str:
    """Give a failure as a sentence for the page: Discord's own words say too little there."""
    return next((words for kind, words in _PLAIN.items() if isinstance(error, kind)), error.message)


def status_of(error: SocialCubeError) -> int:
    """Give the HTTP status of a failure; what is none of ours is a bad request."""
    if isinstance(error, ChatError | discord.DiscordError):
        return error.status
    return 400
