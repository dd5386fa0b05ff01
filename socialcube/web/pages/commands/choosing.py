"""The bot that a page is about when its address names one."""

from uuid import UUID

from flask import request

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.types import BotView
from socialcube.web import guard


def asked_bot(permission: Permission) -> BotView | None:
    """Give the bot that the form or the address names, None when neither does.

    Raises:
        BotNotFoundError: there is no such bot, or not for this person.
    """
    text = request.form.get("bot") or request.args.get("bot", "")
    if not text:
        return None
    try:
        bot_id = UUID(text)
    except ValueError:
        raise BotNotFoundError(ref=text[:40]) from None
    return guard.bot(bot_id, permission)
