"""What can go wrong with servers."""

from collections.abc import Sequence

from socialcube.engine.problems import Problem
from socialcube.kernel.errors import InvalidInputError, NotFoundError, VersionConflictError


class GuildNotFoundError(NotFoundError):
    """No bot here has seen a server {external_id}."""

    code = "guild_not_found"
    remedy = "Invite one of your bots to the server; it appears as soon as the bot is online."


class BotNotInGuildError(NotFoundError):
    """This bot is not in a server {external_id}. It is in: {servers}."""

    code = "bot_not_in_guild"
    remedy = "Take one of these ids, or invite the bot there; it is known as soon as the bot is online."


class ServerNameNotTypedError(InvalidInputError):
    """That is not the name of the server, so the bot stays there."""

    code = "server_name_not_typed"
    remedy = "Type the server's name exactly as it stands above the field, then press Leave."


class _WithProblemsError(InvalidInputError):
    """This cannot be saved yet: {first}

    Attributes:
        problems: everything that is wrong; the path of each names its field.
    """  # noqa: D415 - the problem ends the sentence

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first=f"{first.path}: {first.message}" if first.path else first.message)


class SettingsInvalidError(_WithProblemsError):
    """These settings cannot be saved yet: {first}"""  # noqa: D415 - the problem ends the sentence

    code = "settings_invalid"
    remedy = "Correct the fields that are marked, then save again."


class FieldsInvalidError(_WithProblemsError):
    """These fields cannot be saved yet: {first}"""  # noqa: D415 - the problem ends the sentence

    code = "fields_invalid"
    remedy = "Correct the fields that are marked, then save again."


class SettingsChangedError(VersionConflictError):
    """Somebody changed these settings in the meantime: you saw version {seen}, now it is {current}."""

    code = "settings_changed"


class FieldsChangedError(VersionConflictError):
    """Somebody changed these fields in the meantime: you saw version {seen}, now it is {current}."""

    code = "fields_changed"
