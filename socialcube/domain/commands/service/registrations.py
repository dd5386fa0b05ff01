"""What we made at the platform. The caller holds the bot's lease: two runners never write this at once."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.commands.models import CommandCreates, CommandRegistration
from socialcube.domain.commands.types import DesiredCommand, Registration
from socialcube.kernel.ids import new_id

_KEPT: Final = timedelta(days=2)
"""Longer than the platform's day, so that nothing is forgotten that still counts."""


def record_intents(uow: UnitOfWork, bot_id: UUID, wanted: Iterable[DesiredCommand]) -> None:
    """Note what is about to be made, count it for the platform's limit of a day, and commit before asking.

    After a crash between the platform's answer and `record_registrations` these rows tell that the
    command is ours. Nothing of the same name was there when they were written.
    """
    wanted, now = list(wanted), uow.clock.now()
    _count(uow, bot_id, wanted)
    uow.session.add_all(
        CommandRegistration(
            id=new_id(),
            bot_id=bot_id,
            external_id=None,
            guild_id=command.guild_id,
            name=command.name,
            digest=command.digest,
            registered_at=now,
        )
        for command in wanted
    )
    uow.session.flush()


def record_registrations(uow: UnitOfWork, bot_id: UUID, made: Iterable[Registration]) -> None:
    """Make what we know equal what we made. Intents end with it, also those that failed.

    Args:
        uow: an open write unit.
        bot_id: the bot.
        made: every command of ours at the platform now, each with the platform's id.
    """
    now = uow.clock.now()
    wanted = {entry.external_id: entry for entry in made if entry.external_id is not None}
    _forget_others(uow, bot_id, wanted)
    known = {
        row.external_id: row
        for row in uow.session.scalars(
            select(CommandRegistration)
            .where(CommandRegistration.bot_id == bot_id)
            .execution_options(populate_existing=True)
        )
    }
    for external_id, entry in wanted.items():
        row = known.get(external_id)
        if row is None:
            row = CommandRegistration(id=new_id(), bot_id=bot_id, external_id=external_id, registered_at=now)
            uow.session.add(row)
        if (row.guild_id, row.name, row.digest) != (entry.guild_id, entry.name, entry.digest):
            row.guild_id, row.name, row.digest = entry.guild_id, entry.name, entry.digest
            row.registered_at = now
    uow.session.flush()


def _forget_others(uow: UnitOfWork, bot_id: UUID, kept: Iterable[int | None]) -> None:
    uow.session.execute(
        delete(CommandRegistration)
        .where(
            CommandRegistration.bot_id == bot_id,
            CommandRegistration.external_id.is_(None) | CommandRegistration.external_id.not_in(list(kept)),
        )
        .execution_options(synchronize_session=False)
    )


def _count(uow: UnitOfWork, bot_id: UUID, wanted: Iterable[DesiredCommand]) -> None:
    hour = uow.clock.now().replace(minute=0, second=0, microsecond=0)
    old = (CommandCreates.bot_id == bot_id) & (CommandCreates.hour < hour - _KEPT)
    uow.session.execute(delete(CommandCreates).where(old).execution_options(synchronize_session=False))
    for place, count in Counter(command.guild_id or 0 for command in wanted).items():
        key = {"bot_id": bot_id, "place": place, "hour": hour}
        columns = [CommandCreates.bot_id, CommandCreates.place, CommandCreates.hour]
        upsert(uow.session, CommandCreates, [{**key, "count": 0}], key=columns)
        row = uow.session.get_one(
            CommandCreates, (bot_id, place, hour), with_for_update=True, populate_existing=True
        )
        row.count += count
    uow.session.flush()
