"""The API for programs. Whoever asks is known by a key; a cookie counts for nothing."""

from typing import Final

from tests.security.matrix.model import On, P, Row, row

_BOTS: Final = "/api/v1/bots"
_BOT: Final = "/api/v1/bots/<bot_id>"


def _json(door: str, *needs: P, **said: object) -> Row:
    return row(door, *needs, wants_json=True, **said)


def _public(door: str) -> Row:
    return _json(door, on=On.SITE, is_public=True)


API: Final = (
    _public("GET /api/v1/"),
    _public("GET /api/v1/openapi.json"),
    _json("GET /api/v1/me", on=On.LIST),
    _json(f"GET {_BOTS}", P.BOT_VIEW, on=On.LIST, query="text=$word"),
    _json(f"GET {_BOT}", P.BOT_VIEW),
    _json(f"POST {_BOT}/start", P.BOT_CONTROL, gives={202}),
    _json(f"POST {_BOT}/stop", P.BOT_CONTROL, gives={202}, changes=False),
    _json(f"POST {_BOT}/restart", P.BOT_CONTROL, gives={202}),
    _json(f"GET {_BOT}/commands", P.COMMAND_VIEW),
    _json(f"GET {_BOT}/commands/<command_id>", P.COMMAND_VIEW),
    _json("GET /api/v1/command-logs", P.LOG_VIEW, on=On.LIST, query="bot_ids=$bot_id"),
)
