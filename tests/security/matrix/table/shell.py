"""The way in, the frame around all pages, and what everybody has who is signed in."""

from typing import Final

from tests.security.matrix.model import On, P, Row, row

_CODE: Final = {"code": "ABCD-EFGH-JKLM-NPQR"}


def _public(door: str, *gives: int, **said: object) -> Row:
    return row(door, on=On.SITE, is_public=True, gives=gives, changes=False, **said)


SHELL: Final = (
    _public("GET /", 302),
    _public("GET /healthz", 200),
    _public("GET /readyz", 200, 503),
    _public("GET /static/<path:filename>", 200, at={"filename": "css/base.css"}),
    _public("GET /favicon.ico", 301),
    _public("GET /robots.txt", 200),
    _public("GET /login", 200, 302),
    _public("GET /login/discord", 302, 503),
    _public("GET /login/discord/authorized", 302, 400),
    _public("GET /login/link/<code>", 200, at=_CODE),
    _public("POST /login/link/<code>", 403, at=_CODE),
    _public("POST /logout", 302),
    row("GET /admin/", on=On.LIST, gives={200, 302}),
    row("POST /admin/first-steps/dismiss", on=On.LIST),
    row("GET /admin/jump", on=On.LIST, query="q=$word"),
    row("POST /admin/preferences/theme", on=On.LIST, form={"theme": "dark"}),
    row("GET /admin/shown-bots", P.BOT_VIEW, on=On.LIST, query="q=$word"),
    row(
        "POST /admin/shown-bots", P.BOT_VIEW, sees=(), form={"key": "bot:$bot_id"}, hidden=400, changes=False
    ),
    row(
        "GET /media/<any(bot, banner, person, server):kind>"
        "/<int(max=9223372036854775807):external_id>/<name>",
        on=On.LIST,
        at={"kind": "bot", "external_id": "7", "name": "0" * 32},
        gives={404},
    ),
    row("GET /no-access", on=On.LIST, gives={200, 302}),
    row("GET /setup", on=On.LIST, gives={302}),
    row("POST /setup", on=On.LIST, form=_CODE, gives={403}, changes=False),
    row("GET /login/again", on=On.LIST, gives={302}),
    row("POST /login/again", on=On.LIST, gives={400}, changes=False),
    row("GET /login/again/discord", on=On.LIST, gives={302}),
    row("GET /login/discord/servers", on=On.LIST, gives={503}),
    row("GET /account", on=On.LIST),
    row("POST /account/preferences", on=On.LIST, form={"theme": "dark", "locale": "de", "time_zone": "UTC"}),
    row("POST /account/sessions/end-others", on=On.LIST),
    row("POST /account/sessions/<uuid:session_id>/end", on=On.SELF, overseer={P.SITE_ADMIN}),
)
