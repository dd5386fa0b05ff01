"""The topics of the live channel; what stands after the question mark are the options of a watch."""

from typing import Final

from tests.security.matrix.model import On, P, row

_LOGS: Final = ("commands", "bots")

SOCKETS: Final = (
    *(row(f"WATCH rows:{log}", P.LOG_VIEW, on=On.LIST, query="only=bot:$bot_id") for log in _LOGS),
    # Some errors belong to no bot.
    row("WATCH rows:errors", on=On.LIST, one_of={P.LOG_VIEW, P.SYSTEM_VIEW}, query="only=bot:$bot_id"),
    row("WATCH rows:requests", P.SYSTEM_VIEW, on=On.SITE),
    row("WATCH bots", P.BOT_VIEW, on=On.LIST),
    row("WATCH figures", P.BOT_VIEW, on=On.LIST),
    row("WATCH job:$trial_id", P.COMMAND_EDIT, entry=None, sees=()),
    row("WATCH job:$export_id", on=On.SELF),
)
