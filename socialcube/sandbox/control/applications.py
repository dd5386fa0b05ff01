"""Control over applications: their tokens, intents and guilds."""

from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.forms import fields
from socialcube.sandbox.gateway.protocol import LIMITED
from socialcube.sandbox.world.records import Application


async def list_all(order: Order) -> Any:
    """Give all applications with their tokens and secrets."""
    return [_json(order, application) for application in order.world.applications.list_all()]


async def create(order: Order) -> Any:
    """Make an application with a bot, installed in the given guilds."""
    form = order.read(
        name=fields.text(least=1, most=32),
        description=fields.text(most=400),
        intents=fields.integer(),
        guild_ids=fields.array(fields.snowflake, most=100),
    )
    required(form, "name")
    for guild_id in form.get("guild_ids", []):
        order.world.guilds.get(guild_id)
    application = order.world.applications.create(
        form["name"], description=form.get("description", ""), intents=form.get("intents", 0) & LIMITED
    )
    for guild_id in form.get("guild_ids", []):
        order.world.guilds.add_bot(guild_id, application.id)
    return _json(order, application)


async def change(order: Order) -> Any:
    """Switch limited intents, set how many IDENTIFYs were used, where commands go, or what shards may do."""
    application = order.world.applications.get(order.id("application_id"))
    form = order.read(
        intents=fields.integer(),
        starts=fields.integer(),
        interactions_url=fields.url_or_nothing,
        **_SHARDING,
    )
    if "intents" in form:
        order.world.applications.set_intents(application.id, form["intents"] & LIMITED)
    if "starts" in form:
        order.world.applications.set_starts(application.id, form["starts"])
    if "interactions_url" in form:
        order.world.applications.set_interactions_url(application.id, form["interactions_url"])
    if form.keys() & _SHARDING.keys():
        sharding = {name: form[name] for name in _SHARDING if name in form}
        order.world.applications.set_sharding(application.id, **sharding)
    return _json(order, application)


async def reset_token(order: Order) -> Any:
    """Replace a bot's token; the old one is dead and its sessions are closed with 4004."""
    application = order.world.applications.get(order.id("application_id"))
    order.world.applications.reset_token(application.id)
    return _json(order, application)


async def add_to_guild(order: Order) -> Any:
    """Install a bot in a guild."""
    application = order.world.applications.get(order.id("application_id"))
    order.world.guilds.add_bot(order.id("guild_id"), application.id)
    return _json(order, application)


async def remove_from_guild(order: Order) -> Any:
    """Take a bot out of a guild."""
    application = order.world.applications.get(order.id("application_id"))
    order.world.guilds.remove_bot(order.id("guild_id"), application.id)
    return _json(order, application)


_SHARDING = {
    "shards": fields.integer(least=1, most=10_000),
    "max_concurrency": fields.integer(least=1, most=10_000),
    "guilds_per_shard": fields.integer(least=1),
}


def _json(order: Order, application: Application) -> dict[str, Any]:
    guilds = order.world.guilds.list_of(application.id)
    return {
        "id": str(application.id),
        "name": application.name,
        "description": application.description,
        "token": application.token,
        "client_secret": application.secret,
        "redirect_uris": application.redirect_uris,
        "intents": application.intents,
        "starts_left": order.world.applications.starts_left(application.id)[0],
        "shards": application.shards,
        "max_concurrency": order.world.applications.max_concurrency(application.id),
        "guild_ids": [str(guild.id) for guild in guilds],
        "interactions_url": application.interactions_url,
        "online": order.world.applications.is_online(application.id),
    }
