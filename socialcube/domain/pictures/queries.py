"""Reads whether a picture belongs to something that is stored here."""

from sqlalchemy.orm import Session

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.pictures.types import PictureAddress, PictureKind


def is_known(session: Session, address: PictureAddress) -> bool:
    """Tell whether a bot, person or server has this very picture, by what was last seen of it.

    Whose the picture is does not matter further: only who saw the object knows its hash.
    """
    return _find_hash(session, address.kind, address.external_id) == address.hash


def _find_hash(session: Session, kind: PictureKind, external_id: int) -> str | None:
    match kind:
        case PictureKind.BOT:
            return bots.find_avatar(session, Platform.DISCORD, external_id)
        case PictureKind.BANNER:
            return bots.find_banner(session, Platform.DISCORD, external_id)
        case PictureKind.PERSON:
            person = accounts.find_user_by_external_id(session, external_id)
            return person.avatar if person else None
        case PictureKind.SERVER:
            return guilds.find_icon(session, Platform.DISCORD, external_id)
