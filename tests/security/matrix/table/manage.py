"""The pages for people who manage a server at Discord. Roles open nothing here; nobody was checked yet."""

from typing import Final

from tests.security.matrix.model import On, row

_SERVER: Final = "/manage/<int(max=9223372036854775807):server>"
_AT: Final = {"server": "$guild"}

MANAGE: Final = (
    row("GET /manage/", on=On.LIST),
    row(f"GET {_SERVER}/", on=On.LIST, at=_AT, always_asks=True),
    row(f"GET {_SERVER}/<uuid:bot_id>/", on=On.LIST, at=_AT, always_asks=True),
    row(f"POST {_SERVER}/<uuid:bot_id>/", on=On.LIST, at=_AT, always_asks=True, gives={200}, changes=False),
    row(f"GET {_SERVER}/check", on=On.LIST, at=_AT, always_asks=True, wants_json=True),
    row(f"POST {_SERVER}/check", on=On.LIST, at=_AT, always_asks=True, changes=False),
)
