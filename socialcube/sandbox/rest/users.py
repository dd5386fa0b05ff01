"""Users."""

from socialcube.sandbox.errors import MissingAccessError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.pictures import picture
from socialcube.sandbox.rest.call import NOTHING, Access, Call, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.guilds import my_guild_json
from socialcube.sandbox.shapes.users import own_user_json, user_json

# Discord's OpenAPI calls the username required; its documentation, which is right, calls all optional.
_profile = fields.record({"username": fields.text(least=2, most=32), "avatar": picture, "banner": picture})


def get_me(call: Call) -> Reply:
    """Give the bot's own user, or the person who signed in with the scope `identify`."""
    _need_scope(call, "identify")
    return Reply(own_user_json(call.world.get_user(call.caller.user_id)))


def edit_me(call: Call) -> Reply:
    """Change the bot's username, picture or banner; null takes a picture away ("Modify Current User")."""
    form = fields.read(_profile, call.body.value)
    user_id, profiles = call.application.id, call.world.profiles
    # The only change that can still be refused comes first.
    if "username" in form:
        profiles.rename(user_id, form["username"])
    if "avatar" in call.body.value:
        profiles.set_avatar(user_id, form.get("avatar"))
    if "banner" in call.body.value:
        profiles.set_banner(user_id, form.get("banner"))
    return Reply(own_user_json(call.world.get_user(user_id)))


def list_my_guilds(call: Call) -> Reply:
    """Give the guilds that the bot, or a person with the scope `guilds`, is in."""
    _need_scope(call, "guilds")
    before, after = call.snowflake_query("before"), call.snowflake_query("after") or 0
    limit = call.count_query("limit", default=200, most=200)
    found = [guild for guild in call.world.guilds.list_of(call.caller.user_id) if guild.id > after]
    if before is not None:
        found = [guild for guild in found if guild.id < before][-limit:]
    return Reply([my_guild_json(guild, call.caller.user_id) for guild in found[:limit]])


def leave_guild(call: Call) -> Reply:
    """Take the bot out of a guild."""
    call.world.guilds.remove_bot(call.snowflake("guild_id"), call.application.id)
    return NOTHING


def get_user(call: Call) -> Reply:
    """Give any user."""
    return Reply(user_json(call.world.get_user(call.snowflake("user_id"))))


def _need_scope(call: Call, scope: str) -> None:
    if call.caller.application is None and scope not in call.caller.scopes:
        raise MissingAccessError


ROUTES = (
    Route("GET", "/users/@me", get_me, Access.ANYONE),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", list_my_guilds, Access.ANYONE),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", "/users/{user_id}", get_user),
)
