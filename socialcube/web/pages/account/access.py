"""What a person may do, and through what."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import EFFECTS, SITE_PERMISSIONS
from socialcube.domain.accounts import queries
from socialcube.domain.accounts.types import GrantView
from socialcube.domain.bots import queries as bots


@dataclass(frozen=True, slots=True)
class Held:
    """One role of the person.

    Attributes:
        place: where it holds, in words.
        bot_id: of the bot that it holds on, when it is one.
        effects: what it allows there, in words.
    """

    role: str
    place: str
    bot_id: UUID | None
    effects: list[str]


def list_held(session: Session, user_id: UUID) -> list[Held]:
    """List the roles of a person: those on the site first, then those on groups, then those on bots."""
    grants = queries.list_grants(session, user_id=user_id)
    names = _names_of(session, grants)
    held = [
        Held(grant.role.name, _say_place(grant, names), grant.bot_id, _effects_of(grant)) for grant in grants
    ]
    order = {grant.id: (grant.bot_id is not None, grant.group_id is not None) for grant in grants}
    pairs = sorted(zip(grants, held, strict=True), key=lambda pair: (order[pair[0].id], pair[1].place))
    return [item for _, item in pairs]


def _names_of(session: Session, grants: list[GrantView]) -> Mapping[UUID, str]:
    names = queries.list_group_names(session, {grant.group_id for grant in grants if grant.group_id})
    found = (bots.find_bot(session, grant.bot_id) for grant in grants if grant.bot_id)
    return names | {bot.id: bot.name for bot in found if bot is not None}


def _say_place(grant: GrantView, names: Mapping[UUID, str]) -> str:
    if grant.bot_id:
        return names.get(grant.bot_id, "a bot that is gone")
    if grant.group_id:
        return f"the bots of {names.get(grant.group_id, 'a group that is gone')}"
    return "the whole site, with every bot"


def _effects_of(grant: GrantView) -> list[str]:
    on_site = grant.place.is_site
    held = grant.role.permissions if on_site else grant.role.permissions - SITE_PERMISSIONS
    return [words for permission, words in EFFECTS.items() if permission in held]
