"""Servers, and what is set in them."""

from typing import Final

from tests.security.matrix.model import On, P, row

_SEES: Final = {P.GUILD_VIEW}
_ONE: Final = "/admin/bots/<uuid:bot_id>/servers/<uuid:guild_id>"
_PLACE: Final = "id=$bot_id,$guild_id"

SERVERS: Final = (
    row("GET /admin/servers/", P.GUILD_VIEW, on=On.LIST, query="search=$word"),
    row("GET /admin/servers/details/", P.GUILD_VIEW, sees=_SEES, query="id=$guild_id"),
    row(
        "POST /admin/servers/export/",
        P.GUILD_VIEW,
        on=On.LIST,
        query="search=$word",
        gives={200},
        changes=False,
    ),
    row("GET /admin/servers/map", P.GUILD_VIEW, on=On.LIST, query="search=$word&every=yes"),
    row(f"GET {_ONE}/", P.GUILD_VIEW),
    row(
        f"POST {_ONE}/leave",
        P.BOT_CONTROL,
        P.GUILD_VIEW,
        form={"name": "$word-guild"},
    ),
    row("GET /admin/servers/settings/", P.GUILD_VIEW, on=On.LIST, query="search=$word"),
    row("GET /admin/servers/settings/edit/", P.GUILD_EDIT, P.GUILD_VIEW, sees=_SEES, query=_PLACE),
    row(
        "POST /admin/servers/settings/edit/",
        P.GUILD_EDIT,
        P.GUILD_VIEW,
        sees=_SEES,
        query=_PLACE,
        form={"version": "0", "locale": "de", "time_zone": "UTC", "log_channel_id": ""},
    ),
)
