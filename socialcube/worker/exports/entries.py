"""Entries of the audit log as lines of a file, in the words of the panel."""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.audit import policy, queries
from socialcube.domain.audit.documents import AuditFilter
from socialcube.domain.audit.types import AuditEntry
from socialcube.domain.bots import queries as bots

_PAGE: Final = 1000


def list_entries(reads: sessionmaker[Session], filters: AuditFilter) -> Iterator[Mapping[str, object]]:
    """List entries, the newest first, a page at a time, each in a read of its own."""
    with reads() as session:
        people = {f"user:{user.id}": user.display_name or user.name for user in accounts.list_users(session)}
        names = {bot.id: bot.name for bot in bots.list_bots(session)}
    before_id = None
    while True:
        with reads() as session:
            page = queries.list_older(session, filters, before_id, _PAGE)
        for entry in page:
            bot = names.get(entry.bot_id, "") if entry.bot_id else ""
            yield _line(entry, who=people.get(entry.actor, entry.actor), bot=bot)
        if len(page) < _PAGE:
            return
        before_id = page[-1].id


def _line(entry: AuditEntry, *, who: str, bot: str) -> Mapping[str, object]:
    return {
        "occurred_at": entry.occurred_at,
        "who": who,
        "did": policy.describe_action(entry.action),
        "subject_kind": policy.describe_subject(entry.subject_kind),
        "subject_id": entry.subject_id,
        "changes": "; ".join(map(str, policy.list_changes(entry.before, entry.after))),
        "bot": bot,
        "address": entry.address,
        "request_id": entry.request_id,
        "number": entry.number,
        "actor": entry.actor,
        "action": entry.action,
        "bot_id": entry.bot_id,
        "before": entry.before,
        "after": entry.after,
    }
