"""Applications as Discord's JSON."""

from typing import TYPE_CHECKING, Final

from socialcube.sandbox.shapes.users import Json, user_json
from socialcube.sandbox.world.records import Application

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

# Discord docs, "Application" > "Application Flags". Applications in fewer than 100 servers get the
# flag with LIMITED in its name for an intent they switched on; the gateway's intent bit stands beside it.
LIMITED_FLAGS: Final = {1 << 13: 1 << 8, 1 << 15: 1 << 1, 1 << 19: 1 << 15}


def flags_of(intents: int) -> int:
    """Give application flags for the limited gateway intents that are on."""
    return sum(flag for flag, intent in LIMITED_FLAGS.items() if intents & intent)


def intents_of(flags: int) -> int:
    """Give the limited gateway intents that application flags switch on."""
    return sum(intent for flag, intent in LIMITED_FLAGS.items() if flags & flag)


def application_json(world: "World", application: Application) -> Json:
    """Give an application object as its owner and its bot see it (Discord docs, "Application")."""
    # The flags as a number and as text: the number has run out of bits, and both are told.
    flags = flags_of(application.intents)
    shape: Json = {
        "id": str(application.id),
        "name": application.name,
        "icon": None,
        "description": application.description,
        "type": None,
        "summary": "",
        "verify_key": f"{application.id:064x}",
        "flags": flags,
        "flags_new": str(flags),
        "bot_public": True,
        "bot_require_code_grant": False,
        "redirect_uris": application.redirect_uris,
        "interactions_endpoint_url": application.interactions_url or None,
        "role_connections_verification_url": None,
        "owner": user_json(world.get_user(application.owner_id)),
        "approximate_guild_count": len(world.guilds.list_of(application.id)),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }
    return shape | {"bot": user_json(world.get_user(application.id))} if application.token else shape
