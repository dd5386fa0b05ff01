"""Commands: their list, their editor, and files of them."""

from typing import Final

from tests.security.matrix.model import On, P, row

_LIST: Final = "/admin/commands"
_ONE: Final = "/admin/commands/<uuid:command_id>"
_SEES: Final = {P.COMMAND_VIEW}
_EDIT: Final = (P.COMMAND_EDIT, P.COMMAND_VIEW)
_PUBLISH: Final = (P.COMMAND_PUBLISH, P.COMMAND_VIEW)
_FORM: Final = {"version": "$edit", "name": "$word-cmd", "description": "new words"}
_EDITOR: Final = {
    "edit": "$edit",
    "name": "$word-cmd",
    "description": "new words",
    "contexts": "guild",
    "steps[0].id": "answer",
    "steps[0].type": "reply",
    "steps[0].params.text": "new",
}
_MINE: Final = (
    '{"schema": 1, "name": "$word-cmd", "description": "new words",'
    ' "steps": [{"id": "answer", "type": "reply", "params": {"text": "new"}}]}'
)
_FILE: Final = (
    "schema: 1\nname: fresh\ndescription: Fresh\nsteps:\n- {id: a, type: reply, params: {text: Hi}}\n"
)

COMMANDS: Final = (
    row(f"GET {_LIST}/", P.COMMAND_VIEW, on=On.LIST, query="search=$word"),
    row(
        f"POST {_LIST}/export/", P.COMMAND_VIEW, on=On.LIST, query="search=$word", gives={200}, changes=False
    ),
    row(f"GET {_LIST}/edit/", *_EDIT, sees=_SEES, query="id=$command_id"),
    row(f"POST {_LIST}/edit/", *_EDIT, sees=_SEES, query="id=$command_id", form=_FORM),
    row(f"GET {_LIST}/delete/", *_EDIT, sees=_SEES, query="id=$command_id"),
    row(
        f"POST {_LIST}/delete/",
        *_EDIT,
        P.COMMAND_PUBLISH,
        sees=_SEES,
        query="id=$command_id",
        form={"typed": "/$word-cmd"},
    ),
    row(f"GET {_LIST}/new", P.COMMAND_EDIT, on=On.LIST),
    row(f"GET {_LIST}/new", P.COMMAND_EDIT, query="bot=$bot_id", case="of a bot"),
    row(
        f"POST {_LIST}/new", P.COMMAND_EDIT, form={"bot": "$bot_id", "name": "fresh", "description": "Fresh"}
    ),
    row(f"GET {_LIST}/import", P.COMMAND_EDIT, on=On.LIST),
    row(f"GET {_LIST}/import", P.COMMAND_EDIT, query="bot=$bot_id", case="of a bot"),
    row(f"POST {_LIST}/import", P.COMMAND_EDIT, form={"bot": "$bot_id", "text": _FILE}),
    row(f"GET {_ONE}/", P.COMMAND_VIEW, sees=_SEES),
    row(f"POST {_ONE}/", *_EDIT, sees=_SEES, form=_EDITOR),
    row(
        f"POST {_ONE}/merge",
        *_EDIT,
        sees=_SEES,
        form={"edit": "$edit", "mine": _MINE, "pick:description": "mine"},
    ),
    row(f"POST {_ONE}/try", *_EDIT, sees=_SEES),
    row(f"GET {_ONE}/tries/<uuid:job_id>", P.COMMAND_VIEW, sees=_SEES, at={"job_id": "$own_trial_id"}),
    row(
        f"GET {_ONE}/tries/<uuid:job_id>",
        P.COMMAND_VIEW,
        sees=_SEES,
        at={"job_id": "$trial_id"},
        gives={404},
        case="somebody else's",
    ),
    row(f"POST {_ONE}/delete", *_EDIT, P.COMMAND_PUBLISH, sees=_SEES, form={"confirm": "$word-cmd"}),
    row(f"GET {_ONE}/export", P.COMMAND_VIEW, sees=_SEES),
    row(f"GET {_ONE}/review", P.COMMAND_VIEW, sees=_SEES),
    row(f"GET {_ONE}/versions/<int(max=2147483647):number>", P.COMMAND_VIEW, sees=_SEES, at={"number": "1"}),
    row(f"POST {_ONE}/publish", *_PUBLISH, sees=_SEES, form={"edit": "$edit", "where": "everywhere"}),
    row(f"POST {_ONE}/undo", *_PUBLISH, sees=_SEES, form={"version": "1"}),
    row(f"POST {_ONE}/active", *_PUBLISH, sees=_SEES, form={"active": "0"}),
)
