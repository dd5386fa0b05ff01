"""What we made at the platform. The caller holds the bot's lease: two runners never write this at once."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.commands.models import CommandRegistration
from socialcube.domain.commands.types import DesiredCommand, Registration
from socialcube.kernel.ids import new_id


def record_intents(uow: UnitOfWork, bot_id: UUID, wanted: Iterable[DesiredCommand]) -> None:
    """Note what is about to be made, and commit before asking the platform.

    After a crash between the platform's answer and `record_registrations` these rows tell that the
    command is ours. Nothing of the same name was there when they were written.
    """
    now = uow.clock.now()
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
