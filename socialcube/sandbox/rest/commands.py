"""Application commands, everywhere and in one guild."""

from socialcube.sandbox.errors import MissingAccessError
from socialcube.sandbox.forms import commands as forms
from socialcube.sandbox.rest.call import NOTHING, Call, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.commands import command_json
from socialcube.sandbox.world.records import Command


def list_all(call: Call) -> Reply:
    """Give the commands, with their translations only when asked for."""
    application_id, guild_id = _place(call)
    localized = call.flag_query("with_localizations")
    found = call.world.commands.list_of(application_id, guild_id)
    return Reply([command_json(command, with_localizations=localized) for command in found])


def create(call: Call) -> Reply:
    """Make a command, or replace the one of the same name and type."""
    application_id, guild_id = _place(call)
    body = forms.new(call.body.value, in_guild=guild_id is not None)
    command, is_new = call.world.commands.upsert(application_id, guild_id, body)
    return Reply(command_json(command), status=201 if is_new else 200)


def replace_all(call: Call) -> Reply:
    """Make these the only commands."""
    application_id, guild_id = _place(call)
    bodies = forms.bulk(call.body.value, in_guild=guild_id is not None)
    kept = call.world.commands.replace_all(application_id, guild_id, bodies)
    return Reply([command_json(command) for command in kept])


def get_one(call: Call) -> Reply:
    """Give a command."""
    return Reply(command_json(_command(call)))


def edit(call: Call) -> Reply:
    """Change the given fields of a command."""
    command = _command(call)
    body = forms.edited(call.body.value, command.body, in_guild=command.guild_id is not None)
    return Reply(command_json(call.world.commands.change(command, body)))


def delete(call: Call) -> Reply:
    """Remove a command."""
    call.world.commands.delete(_command(call))
    return NOTHING


def _place(call: Call) -> tuple[int, int | None]:
    """Give application and guild from the path. In a guild the bot must be a member."""
    application = call.own_application()
    if "guild_id" not in call.path:
        return application.id, None
    guild_id = call.snowflake("guild_id")
    if not any(guild.id == guild_id for guild in call.world.guilds.list_of(application.id)):
        raise MissingAccessError
    return application.id, guild_id


def _command(call: Call) -> Command:
    application_id, guild_id = _place(call)
    return call.world.commands.get(application_id, guild_id, call.snowflake("command_id"))


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
_MAJOR = ("application_id",)

ROUTES = tuple(
    route
    for path in (_GLOBAL, _GUILD)
    for route in (
        Route("GET", path, list_all, major=_MAJOR),
        Route("POST", path, create, major=_MAJOR),
        Route("PUT", path, replace_all, major=_MAJOR),
        Route("GET", path + "/{command_id}", get_one, major=_MAJOR),
        Route("PATCH", path + "/{command_id}", edit, major=_MAJOR),
        Route("DELETE", path + "/{command_id}", delete, major=_MAJOR),
    )
)
