"""Writes about the managers of servers: what they may do, and who the platform says they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import MANAGER_PERMISSIONS, Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.guilds.models import BotManagerRules, ManagerCheckRow
from socialcube.domain.guilds.policy import KEPT_SECONDS
from socialcube.domain.guilds.queries import find_guild_id, get_manager_rules
from socialcube.domain.guilds.types import ManagerRules, OpenServer
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target

ANSWER_SECONDS = 30.0
"""How long anybody waits for the answer to a check."""


def set_manager_rules(
    uow: UnitOfWork, actor: Actor, bot_id: UUID, *, is_open: bool, may_switch_commands: bool
) -> ManagerRules:
    """Say what the managers of a bot's servers may do. It counts from the commit on.

    Who lets them do more needs on the bot what they get by it; who lets them do less needs none of that.

    Raises:
        ForbiddenError: as it says.
    """
    require(actor, Permission.BOT_EDIT, Subject.bot(bot_id))
    # Locked, so that what only narrows the rules here cannot undo somebody's closing of them meanwhile.
    uow.session.get(BotManagerRules, bot_id, with_for_update=True, populate_existing=True)
    before = get_manager_rules(uow.session, bot_id)
    after = ManagerRules(bot_id, is_open, is_open and may_switch_commands)
    if before == after:
        return after
    if after.gives_more_than(before):
        for permission in sorted(MANAGER_PERMISSIONS):
            require(actor, permission, Subject.bot(bot_id))
    facts = _facts(after)
    upsert(
        uow.session,
        BotManagerRules,
        [{"bot_id": bot_id, **facts, "updated_at": uow.clock.now()}],
        key=[BotManagerRules.bot_id],
        update=[BotManagerRules.is_open, BotManagerRules.may_switch_commands, BotManagerRules.updated_at],
    )
    audit.record(
        uow,
        actor,
        "bot.managers",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        before=_facts(before),
        after=facts,
    )
    return after


def ask_manager_check(
    uow: UnitOfWork, actor: Actor, server: OpenServer, bot_id: UUID, user_external_id: int
) -> UUID:
    """Ask the platform through a bot whether a person manages a server.

    Args:
        uow: an open write unit.
        actor: the person, who asks about nobody else.
        server: which one.
        bot_id: one of its bots, whose runner asks.
        user_external_id: the platform's id of the person.

    Returns:
        The job. What it finds is stored by the runner, so that nothing a browser sends can stand for it.
    """
    payload = {"guild_id": str(server.face.external_id), "user_id": str(user_external_id)}
    return jobs.ask(
        uow,
        actor,
        JobKind.CHECK_MANAGER,
        payload,
        target=fleet_target(bot_id),
        bot_id=bot_id,
        ttl_seconds=ANSWER_SECONDS,
    )


def note_manager_check(  # noqa: PLR0913 - each fact of the answer has its own name
    uow: UnitOfWork,
    platform: str,
    external_id: int,
    user_external_id: int,
    *,
    is_manager: bool,
    checked_at: datetime,
) -> bool:
    """Store what the platform said about a person in a server. Answers older than the stored one are dropped.

    Args:
        uow: an open write unit.
        platform: where the server is.
        external_id: the platform's id of the server.
        user_external_id: the platform's id of the person.
        is_manager: what it said.
        checked_at: a moment of the database's clock at which it had not been asked yet.

    Returns:
        Whether it was stored.
    """
    guild_id = find_guild_id(uow.session, platform, external_id)
    if guild_id is None:
        return False
    expired = ManagerCheckRow.checked_at < now_plus(-KEPT_SECONDS)
    uow.session.execute(delete(ManagerCheckRow).where(expired).execution_options(synchronize_session=False))
    row = {
        "guild_id": guild_id,
        "user_external_id": user_external_id,
        "is_manager": is_manager,
        "checked_at": checked_at,
    }
    key = [ManagerCheckRow.guild_id, ManagerCheckRow.user_external_id]
    upsert(uow.session, ManagerCheckRow, [row], key=key)
    stored = uow.session.get_one(
        ManagerCheckRow, (guild_id, user_external_id), with_for_update=True, populate_existing=True
    )
    if stored.checked_at > checked_at:
        return False
    stored.is_manager, stored.checked_at = is_manager, checked_at
    uow.session.flush()
    return True


def _facts(rules: ManagerRules) -> dict[str, object]:
    return {"is_open": rules.is_open, "may_switch_commands": rules.may_switch_commands}
