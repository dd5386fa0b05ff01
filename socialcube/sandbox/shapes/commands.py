"""Application commands as Discord's JSON."""

from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world.records import Command

_LOCALIZED = ("name_localizations", "description_localizations")


def command_json(command: Command, *, with_localizations: bool = True) -> Json:
    """Give an application command object (Discord docs, "Application Commands").

    Args:
        command: the command.
        with_localizations: the full dictionaries; lists leave them out unless asked.
    """
    body = command.body if with_localizations else _without_localizations(command.body)
    shape = {
        "id": str(command.id),
        "application_id": str(command.application_id),
        "version": str(command.version),
        **body,
    }
    return shape if command.guild_id is None else shape | {"guild_id": str(command.guild_id)}


def _without_localizations(body: Json) -> Json:
    kept = {key: value for key, value in body.items() if key not in _LOCALIZED}
    if "options" in kept:
        kept["options"] = [_without_localizations(option) for option in kept["options"]]
    return kept
