"""Bots: their list, their page, and making one."""

from typing import Final

from tests.security.matrix.holders import ROLES
from tests.security.matrix.model import On, P, row

_BOT: Final = "/admin/bots/<uuid:bot_id>"
_NEW: Final = "/admin/bots/new"
_VIEWER: Final = tuple(sorted(ROLES["viewer"]))
_SIGHT: Final = {"job_id": "$sight_id"}
_EDITED: Final = {"name": "$word-bot", "description": "new words", "tags": "", "version": "1"}
_FIELD: Final = {
    "version": "1",
    "fields-0-label": "New",
    "fields-0-kind": "text",
    "fields-0-key": "other",
}

BOTS: Final = (
    row("GET /admin/bots/", P.BOT_VIEW, on=On.LIST, query="search=$word"),
    row("POST /admin/bots/export/", P.BOT_VIEW, on=On.LIST, query="search=$word", gives={200}, changes=False),
    row(
        "POST /admin/bots/action/",
        P.BOT_CONTROL,
        entry=P.BOT_VIEW,
        form={"action": "start", "rowid": "$bot_id"},
    ),
    row(
        "POST /admin/bots/by-tag",
        P.BOT_CONTROL,
        form={"action": "start", "tag": "of-both"},
    ),
    row("GET /admin/bots/edit/", P.BOT_EDIT, P.BOT_VIEW, query="id=$bot_id"),
    row("POST /admin/bots/edit/", P.BOT_EDIT, P.BOT_VIEW, query="id=$bot_id", form=_EDITED),
    row("GET /admin/bots/fields/", P.BOT_VIEW, on=On.LIST, query="search=$word"),
    row("GET /admin/bots/fields/edit/", P.BOT_EDIT, P.BOT_VIEW, query="id=$bot_id"),
    row("POST /admin/bots/fields/edit/", P.BOT_EDIT, P.BOT_VIEW, query="id=$bot_id", form=_FIELD),
    row(f"GET {_BOT}/", P.BOT_VIEW),
    row(f"GET {_BOT}/commands", P.COMMAND_VIEW),
    row(f"GET {_BOT}/commands/export", P.COMMAND_VIEW),
    row(f"GET {_BOT}/commands/plan", P.COMMAND_VIEW),
    row(f"POST {_BOT}/commands/plan", P.COMMAND_VIEW),
    row(f"POST {_BOT}/commands/plan/apply", P.COMMAND_PUBLISH, form={"seen": "$seen"}),
    row(f"GET {_BOT}/servers", P.GUILD_VIEW),
    row(f"GET {_BOT}/logs", P.LOG_VIEW),
    row(f"GET {_BOT}/members", P.MEMBER_MANAGE),
    row(f"POST {_BOT}/start", P.BOT_CONTROL),
    row(f"POST {_BOT}/stop", P.BOT_CONTROL, changes=False),
    row(f"POST {_BOT}/restart", P.BOT_CONTROL),
    row(f"POST {_BOT}/refresh", P.BOT_CONTROL),
    row(f"POST {_BOT}/look-elsewhere", P.COMMAND_VIEW),
    row(f"GET {_BOT}/settings", P.BOT_VIEW, one_of={P.BOT_EDIT, P.BOT_TOKEN, P.BOT_DELETE}),
    row(f"POST {_BOT}/settings", P.BOT_EDIT, form=_EDITED),
    row(
        f"POST {_BOT}/presence",
        P.BOT_EDIT,
        form={"status": "idle", "activity": "watching", "text": "$word", "version": "1"},
    ),
    row(f"GET {_BOT}/presence", P.BOT_VIEW, gives={302}),
    row(f"GET {_BOT}/profile", P.BOT_VIEW, gives={302}),
    row(f"POST {_BOT}/profile", P.BOT_EDIT, form={"name": "$word-at-home"}),
    row(f"POST {_BOT}/take-interactions", P.BOT_EDIT),
    row(f"POST {_BOT}/sight", P.BOT_EDIT, form={"sight": "members"}),
    row(f"POST {_BOT}/sight/<uuid:job_id>", P.BOT_EDIT, at=_SIGHT, lost=303),
    row(f"POST {_BOT}/token", P.BOT_TOKEN, form={"token": "good.$word.token"}),
    row(f"POST {_BOT}/reseal", P.BOT_TOKEN),
    row(f"POST {_BOT}/leaked", P.BOT_TOKEN),
    row(f"POST {_BOT}/delete", P.BOT_DELETE, form={"name": "$word-bot"}),
    row(
        f"POST {_BOT}/members",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees={P.BOT_VIEW, P.MEMBER_MANAGE},
        form={"user_id": "$spare_id", "role_id": "$viewer_role"},
    ),
    row(
        f"POST {_BOT}/members/<uuid:grant_id>/take",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees={P.BOT_VIEW, P.MEMBER_MANAGE},
    ),
    row(f"POST {_BOT}/members/invites/<uuid:invite_id>/cancel", P.MEMBER_MANAGE),
    row(
        f"POST {_BOT}/managers",
        P.BOT_EDIT,
        P.GUILD_VIEW,
        P.GUILD_EDIT,
        sees={P.BOT_VIEW, P.BOT_EDIT},
        form={"is_open": "1"},
    ),
    row(f"POST {_BOT}/managers", P.BOT_EDIT, changes=False, case="to close"),
    row(f"GET {_BOT}/secrets", P.SECRET_EDIT),
    row(f"POST {_BOT}/secrets", P.SECRET_EDIT, form={"name": "other", "host": "a.example", "value": "x"}),
    row(f"POST {_BOT}/secrets/<name>/delete", P.SECRET_EDIT, at={"name": "$secret_name"}),
    row("GET /admin/bots/deleted", P.BOT_DELETE, on=On.LIST),
    row("POST /admin/bots/deleted/<uuid:bot_id>/restore", P.BOT_DELETE, sees=(), at={"bot_id": "$gone_id"}),
    row("GET /admin/token-keys", P.SITE_ADMIN, on=On.SITE),
    row("POST /admin/token-keys/rotate", P.SITE_ADMIN, on=On.SITE),
    row(f"GET {_NEW}", P.BOT_CREATE, on=On.SITE, entry=None),
    row(f"GET {_NEW}", P.BOT_EDIT, entry=None, query="bot=$bot_id", case="of a bot"),
    row(f"POST {_NEW}/token", P.BOT_CREATE, on=On.SITE, form={"token": "good.new.token"}),
    row(f"POST {_NEW}/sandbox", P.BOT_CREATE, on=On.SITE, gives={404}, changes=False),
    row(f"POST {_NEW}/<uuid:bot_id>/inspect", P.BOT_EDIT, P.BOT_VIEW, sees={P.BOT_VIEW, P.BOT_EDIT}),
    row(f"POST {_NEW}/<uuid:bot_id>/sight", P.BOT_EDIT, form={"sight": "members"}),
    row(f"POST {_NEW}/<uuid:bot_id>/join", P.BOT_EDIT, gives={404}, changes=False),
    row(
        f"POST {_NEW}/<uuid:bot_id>/command",
        P.COMMAND_PUBLISH,
        P.COMMAND_EDIT,
        form={"template": "hello", "guild": "$guild"},
    ),
)
