"""Alerts, and the channels that tell people of them."""

from typing import Final

from tests.factories.alerts import WEBHOOK
from tests.security.matrix.model import On, P, row

_ALERTS: Final = "/admin/alerts"
_CHANNELS: Final = "/admin/alerts/channels"
_ALERT: Final = "id=$alert_id"
_CHANNEL: Final = "id=$channel_id"
_EDITS: Final = {P.ALERT_EDIT}
_TYPED: Final = {"name": "New", "address": WEBHOOK, "place": "$bot_id"}
_EDITED: Final = {"version": "1", "name": "$word-alert", "address": "", "place": "$bot_id"}

ALERTS: Final = (
    row(f"GET {_ALERTS}/", P.BOT_VIEW, on=On.LIST, query="search=$word"),
    row(f"POST {_ALERTS}/export/", P.BOT_VIEW, on=On.LIST, query="search=$word", gives={200}, changes=False),
    row(f"GET {_ALERTS}/details/", P.BOT_VIEW, query=_ALERT),
    row(f"GET {_CHANNELS}/", P.ALERT_EDIT, on=On.LIST, query="search=$word"),
    row(
        f"POST {_CHANNELS}/export/",
        P.ALERT_EDIT,
        on=On.LIST,
        query="search=$word",
        gives={200},
        changes=False,
    ),
    row(f"GET {_CHANNELS}/new/", P.ALERT_EDIT, on=On.LIST),
    row(f"POST {_CHANNELS}/new/", P.ALERT_EDIT, sees=_EDITS, form=_TYPED, hidden=422),
    row(f"GET {_CHANNELS}/details/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL),
    row(f"GET {_CHANNELS}/edit/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL),
    row(f"POST {_CHANNELS}/edit/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL, form=_EDITED),
    row(f"POST {_CHANNELS}/test/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL),
    row(f"GET {_CHANNELS}/delete/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL),
    row(f"POST {_CHANNELS}/delete/", P.ALERT_EDIT, sees=_EDITS, query=_CHANNEL),
    row("GET /metrics", on=On.SITE, is_public=True),
)
