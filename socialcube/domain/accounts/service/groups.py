"""How groups of bots are made, changed and deleted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts.errors import DuplicateGroupError, GroupInUseError, GroupNotFoundError
from socialcube.domain.accounts.models import AccessGroup, AccessGroupBot, Grant
from socialcube.domain.accounts.policy.giving import require_may_move
from socialcube.domain.accounts.policy.groups import (
    check_group_description,
    check_group_name,
    check_group_size,
)
from socialcube.domain.accounts.queries.grants import list_grants
from socialcube.domain.accounts.queries.places import list_bots_of
from socialcube.domain.accounts.service.changes import tell_holders
from socialcube.domain.audit import service as audit
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.kernel.errors import VersionConflictError
from socialcube.kernel.ids import new_id


def create_group(
    uow: UnitOfWork, actor: Actor, *, name: str, description: str = "", bot_ids: Collection[UUID] = ()
) -> UUID:
    """Make a group.

    Raises:
        ForbiddenError, InvalidGroupError, DuplicateGroupError, BotNotFoundError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    group = AccessGroup(id=new_id(), created_at=uow.clock.now())
    _fill(uow, group, name, description)
    try:
        with uow.session.begin_nested():
            uow.session.add(group)
    except IntegrityError:
        raise DuplicateGroupError(name=group.name) from None
    _move(uow, actor, group, frozenset(bot_ids))
    _record(uow, actor, "group.create", group, None, _facts_of(uow, group))
    return group.id


def edit_group(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork,
    actor: Actor,
    group_id: UUID,
    *,
    version: int,
    name: str,
    description: str,
    bot_ids: Collection[UUID],
) -> None:
    """Change a group, and with its bots what everybody may do who has a role on it.

    A bot that was deleted and may come back stays in it.

    Raises:
        ForbiddenError, GroupNotFoundError, InvalidGroupError, DuplicateGroupError, BotNotFoundError: as they
            say.
        NotYoursToGiveError: somebody would get, or lose, what the actor does not hold on a bot.
        VersionConflictError: somebody changed it since `version`; `stored` is how it is now.
    """
    require(actor, Permission.SITE_ADMIN)
    group = _lock(uow, group_id)
    before = _facts_of(uow, group)
    if group.version != version:
        raise VersionConflictError(stored=before)
    try:
        with uow.session.begin_nested():
            _fill(uow, group, name, description)
            group.version = version + 1
    except IntegrityError:
        raise DuplicateGroupError(name=name) from None
    _move(uow, actor, group, frozenset(bot_ids))
    _record(uow, actor, "group.edit", group, before, _facts_of(uow, group))


def delete_group(uow: UnitOfWork, actor: Actor, group_id: UUID) -> None:
    """Delete a group on which nobody has a role. Open invites to it go with it.

    Raises:
        ForbiddenError, GroupNotFoundError, GroupInUseError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    group = _lock(uow, group_id)
    count = uow.session.scalar(select(func.count()).select_from(Grant).where(Grant.group_id == group_id))
    if count:
        raise GroupInUseError(name=group.name, count=count)
    before = _facts_of(uow, group)
    uow.session.delete(group)
    uow.session.flush()
    _record(uow, actor, "group.delete", group, before, None)


def _lock(uow: UnitOfWork, group_id: UUID) -> AccessGroup:
    group = uow.session.get(AccessGroup, group_id, with_for_update=True, populate_existing=True)
    if group is None:
        raise GroupNotFoundError(ref=group_id)
    return group


def _fill(uow: UnitOfWork, group: AccessGroup, name: str, description: str) -> None:
    name = check_group_name(name)
    if name != group.name:
        _check_alone(uow, group, name)
    group.name = name
    group.description = check_group_description(description)
    group.updated_at = uow.clock.now()


def _check_alone(uow: UnitOfWork, group: AccessGroup, name: str) -> None:
    """Refuse a name that another group has in other capitals.

    Compared here: SQLite folds only the letters of English.

    Raises:
        DuplicateGroupError: there is one.
    """
    others = uow.session.scalars(select(AccessGroup.name).where(AccessGroup.id != group.id))
    for other in others:
        if other.casefold() == name.casefold():
            raise DuplicateGroupError(name=other)


def _move(uow: UnitOfWork, actor: Actor, group: AccessGroup, wanted: frozenset[UUID]) -> None:
    """Let bots join and leave until the group has the wanted ones."""
    check_group_size(len(wanted))
    present = list_bots_of(uow.session, [group.id])[group.id]
    asked = Scope(is_all=False, bot_ids=wanted | present)
    living = {bot.id for bot in bots.list_bots(uow.session, scope=asked)}
    for absent in sorted(wanted - living):
        raise BotNotFoundError(ref=absent)
    joining, leaving = wanted - present, (present & living) - wanted
    if not joining and not leaving:
        return
    grants = list_grants(uow.session, group_id=group.id)
    require_may_move(actor, [grant.role for grant in grants], joining | leaving)
    of_group = AccessGroupBot.group_id == group.id
    uow.session.execute(delete(AccessGroupBot).where(of_group, AccessGroupBot.bot_id.in_(leaving)))
    uow.session.add_all(AccessGroupBot(group_id=group.id, bot_id=bot_id) for bot_id in sorted(joining))
    uow.session.flush()
    tell_holders(uow, Grant.group_id == group.id)


def _facts_of(uow: UnitOfWork, group: AccessGroup) -> dict[str, object]:
    bot_ids = list_bots_of(uow.session, [group.id])[group.id]
    living = bots.list_bots(uow.session, scope=Scope(is_all=False, bot_ids=bot_ids))
    names = {bot.id: bot.name for bot in living}
    return {
        "name": group.name,
        "description": group.description,
        "bots": sorted(names.get(bot_id, str(bot_id)) for bot_id in bot_ids),
    }


def _record(  # noqa: PLR0913, PLR0917 - the words of one sentence
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    group: AccessGroup,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(uow, actor, action, subject_kind="group", subject_id=group.id, before=before, after=after)
