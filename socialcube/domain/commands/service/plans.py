"""What runners find at the platform, and the wish to bring it to what is published."""

from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service as audit
from socialcube.domain.commands import policy
from socialcube.domain.commands.events import CommandsCompared
from socialcube.domain.commands.models import CommandLookRow
from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target

_APPLY_SECONDS: Final = 900.0
"""A hundred commands take minutes: Discord lets a bot create about one in four seconds."""


def note_look(uow: UnitOfWork, bot_id: UUID, plan: CommandPlan) -> bool:
    """Store what a runner found at the platform. The caller holds the bot's lease.

    Returns:
        Whether it is news for people: it is not what the last look found.
    """
    digest = policy.digest_of_plan(plan)
    before = uow.session.get(CommandLookRow, bot_id, populate_existing=True)
    is_news = before is None or (before.digest, before.differs) != (digest, plan.differs)
    row = {
        "bot_id": bot_id,
        "looked_at": uow.clock.now(),
        "differs": plan.differs,
        "digest": digest,
        "plan": plan.to_json(),
    }
    upsert(
        uow.session,
        CommandLookRow,
        [row],
        key=[CommandLookRow.bot_id],
        update=[
            CommandLookRow.looked_at,
            CommandLookRow.differs,
            CommandLookRow.digest,
            CommandLookRow.plan,
        ],
    )
    if is_news:
        uow.record(CommandsCompared(bot_id))
    return is_news


def ask_apply(uow: UnitOfWork, actor: Actor, bot_id: UUID, seen: str) -> UUID:
    """Ask a bot's runner to bring the commands at the platform to what is published.

    Args:
        uow: an open write unit.
        actor: who wants it; it takes `command.publish`, since people see it at once.
        bot_id: the bot.
        seen: the digest of the plan that the actor looked at; another one is not applied.

    Returns:
        The job, whose answer says what was done.

    Raises:
        ForbiddenError: as it says.
    """
    job_id = jobs.ask(
        uow,
        actor,
        JobKind.APPLY_PLAN,
        {"seen": seen},
        target=fleet_target(bot_id),
        bot_id=bot_id,
        ttl_seconds=_APPLY_SECONDS,
    )
    audit.record(
        uow,
        actor,
        "command.apply",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        before=None,
        after={"plan": seen, **_count_steps(uow, bot_id, seen)},
    )
    return job_id


def _count_steps(uow: UnitOfWork, bot_id: UUID, seen: str) -> dict[str, int]:
    """Count what the plan does, where it is the one that is stored."""
    look = uow.session.get(CommandLookRow, bot_id)
    if look is None or look.digest != seen:
        return {}
    steps = {kind: look.plan.get(kind) for kind in ("create", "update", "delete")}
    return {kind: len(found) for kind, found in steps.items() if isinstance(found, list)}
