"""What bots may do in servers against what they need there, as pages show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView, StateWords, Tone
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import policy
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.types import Fit, PermissionNeed, PlaceSight, Verdict
from socialcube.web import identity


@dataclass(frozen=True, slots=True)
class FittedPlace:
    """A bot in a server.

    Attributes:
        fit: what it may do against what it needs.
        words: the same as a state.
    """

    bot: BotView
    sight: PlaceSight
    fit: Fit
    words: StateWords


def fit_places(session: Session, sights: Iterable[PlaceSight]) -> list[FittedPlace]:
    """Compare what bots may do with what they need, in the order given. Deleted bots are left out."""
    sights = list(sights)
    scope = Scope(is_all=False, bot_ids=frozenset(sight.bot_id for sight in sights))
    known = {bot.id: bot for bot in bots.list_bots(session, scope=scope)} if scope else {}
    needs = commands.list_needs(session, scope) if scope else {}
    named = identity.scope(Permission.COMMAND_VIEW)
    log_channels = (sight.log_channel_id for sight in sights if sight.log_channel_id is not None)
    channels = guilds.list_channel_names(session, log_channels)
    return [
        _fit(
            known[sight.bot_id],
            sight,
            needs.get(sight.bot_id, ()) if named.allows(sight.bot_id) else _unnamed(needs, sight),
            channels,
        )
        for sight in sights
        if sight.bot_id in known
    ]


def _unnamed(needs: Mapping[UUID, Iterable[PermissionNeed]], sight: PlaceSight) -> list[PermissionNeed]:
    """Keep the names of commands from those who may not see them."""
    return [replace(need, why="for one of its commands") for need in needs.get(sight.bot_id, ())]


def _fit(
    bot: BotView, sight: PlaceSight, needs: Iterable[PermissionNeed], channels: Mapping[int, str]
) -> FittedPlace:
    fit = policy.judge(sight, needs, channels)
    return FittedPlace(bot, sight, fit, _say(sight, fit))


def _say(sight: PlaceSight, fit: Fit) -> StateWords:
    if sight.left_at is not None:
        return StateWords("Left", Tone.MUTED, "", "")
    if sight.unavailable_at is not None:
        return StateWords("Unreachable", Tone.MUTED, "Discord cannot reach this server at the moment.", "")
    match fit.verdict:
        case Verdict.TOO_LITTLE:
            return StateWords(f"Lacks {len(fit.lacks)}", Tone.WARN, "", "")
        case Verdict.TOO_MUCH:
            return StateWords("Too much", Tone.WARN, "", "")
        case Verdict.FITS:
            return StateWords("As needed", Tone.OK, "", "")
