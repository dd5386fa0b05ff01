"""Where the gateway is, and what Discord itself offers."""

from socialcube.sandbox.rest.call import Access, Call, Reply
from socialcube.sandbox.rest.route import Route


def get_gateway(call: Call) -> Reply:
    """Give the gateway's address."""
    return Reply({"url": _gateway_url(call)})


def get_gateway_bot(call: Call) -> Reply:
    """Give the gateway's address and how many sessions the bot may still start."""
    limits = call.world.limits
    left, reset_after = call.world.applications.starts_left(call.application.id)
    start_limit = {
        "total": limits.session_starts,
        "remaining": max(0, left),
        "reset_after": int(reset_after * 1000),
        "max_concurrency": call.world.applications.max_concurrency(call.application.id),
    }
    shards = call.application.shards
    return Reply({"url": _gateway_url(call), "shards": shards, "session_start_limit": start_limit})


def list_default_sounds(_call: Call) -> Reply:
    """Give Discord's soundboard sounds: the stand-in has none, yet py-cord asks for them after READY."""
    return Reply([])


def list_voice_regions(_call: Call) -> Reply:
    """Give the voice regions: the stand-in has none."""
    return Reply([])


def _gateway_url(call: Call) -> str:
    return f"{call.base_url.replace('http', 'ws', 1)}/gateway"


ROUTES = (
    Route("GET", "/gateway", get_gateway, Access.OPEN),
    Route("GET", "/gateway/bot", get_gateway_bot),
    Route("GET", "/soundboard-default-sounds", list_default_sounds),
    Route("GET", "/voice/regions", list_voice_regions),
)
