"""What can go wrong with a bot."""

from socialcube.kernel.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
    VersionConflictError,
)


class BotNotFoundError(NotFoundError):
    """There is no bot {ref}."""

    code = "bot_not_found"
    remedy = "`flask --app wsgi bots list` shows the names and ids of all bots."


class AmbiguousBotError(ConflictError):
    """More than one bot is called {ref}: {ids}."""

    code = "ambiguous_bot"
    remedy = "Name the one you mean by its id."


class DuplicateBotError(ConflictError):
    """This token belongs to a bot that is here already: {name}."""

    code = "duplicate_bot"
    remedy = "Start that one, or give it this token as its new token."


class OtherApplicationError(ConflictError):
    """This token belongs to another bot, {other}, not to {name}."""

    code = "other_application"
    remedy = "Paste a token of the same application, or create a new bot with this one."


class DeletedBotError(ConflictError):
    """{name} was deleted here and is kept until {day}."""

    code = "deleted_bot"
    remedy = "Ask somebody who may delete it to restore it under Bots, Deleted; or add it after that day."


class TokenMissingError(ConflictError):
    """{name} has no token, so it cannot start."""

    code = "token_missing"
    remedy = "Give it a new token in its settings first, or with `flask --app wsgi bots token`."


class LeakedTokenError(InvalidInputError):
    """This is the token that was reported as leaked, so it is not taken again."""

    code = "leaked_token"
    remedy = "Press Reset Token under Bot in Discord's developer portal, and paste the new one."


class BotChangedError(VersionConflictError):
    """Somebody changed this bot in the meantime: you saw version {seen}, now it is version {current}."""

    code = "bot_changed"
    remedy = "Load it again and repeat your change."


class InvalidBotNameError(InvalidInputError):
    """A bot's name has 1 to {max_length} characters on one line."""

    code = "invalid_bot_name"
    remedy = "Choose a shorter name without line breaks."


class InvalidBotDescriptionError(InvalidInputError):
    """A bot's description has at most {max_length} characters and no control characters."""

    code = "invalid_bot_description"
    remedy = "Shorten the description, or type it again by hand."


class InvalidTagsError(InvalidInputError):
    """A bot has at most {most} tags of 1 to {max_length} characters without commas."""

    code = "invalid_tags"
    remedy = "Shorten them, or leave some out."


class InvalidPresenceError(InvalidInputError):
    """This cannot be shown beside a bot's name: {problem}."""

    code = "invalid_presence"
    remedy = "Choose a status, and for an activity a text of at most 128 characters on one line."


class InvalidProfileNameError(InvalidInputError):
    """A name at Discord has {least} to {most} characters on one line."""

    code = "invalid_profile_name"
    remedy = "Choose a name of that length."


class InvalidPictureError(InvalidInputError):
    """This picture cannot be used: {problem}."""

    code = "invalid_picture"
    remedy = "Choose a PNG, JPEG or GIF of at most 1 MB and 4,096 pixels on each side."


class BotNotOnlineError(ConflictError):
    """{name} is not online, and Discord takes this from a bot that is."""

    code = "bot_not_online"
    remedy = "Start it, wait until it is online, and send this again. Nothing was changed."


class NothingToChangeError(InvalidInputError):
    """Nothing was changed: that is how it looks at Discord already."""

    code = "nothing_to_change"
    remedy = "Type another name, or choose a picture."


class InvalidIntentsError(InvalidInputError):
    """These intents are no set of gateway intents: {intents}."""

    code = "invalid_intents"
    remedy = "Give the sum of the intent bits of Discord's gateway documentation."


class TokenRefusedError(InvalidInputError):
    """Discord does not accept this token."""

    code = "token_refused"
    remedy = "Copy it again from Bot → Reset Token in Discord's developer portal; a token is shown only once."


class PlatformUnavailableError(UnavailableError):
    """Discord could not be asked: {reason}."""

    code = "platform_unavailable"
    remedy = "Nothing was changed. Try again in a minute."


class TokenUnreadableError(UnavailableError):
    """The stored token cannot be opened: {reason}."""

    code = "token_unreadable"
    remedy = "Give the bot its token again, or give the runner the key it was sealed for."


class ShardCountChangedError(ConflictError):
    """Discord has the bot connect in {recommended} parts instead of {current}, so all of it starts afresh."""

    code = "shard_count_changed"
