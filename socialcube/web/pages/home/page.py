"""Puts together what Home shows."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.access.policy import scope
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.overview import queries as overview
from socialcube.web.context import services
from socialcube.web.pages.home.attention import MOST, Fix, make_fixes
from socialcube.web.pages.home.figures import Figure, make_figures
from socialcube.web.pages.home.first_steps import FirstSteps, find_first_steps
from socialcube.web.pages.home.fleet import FleetRow, make_rows
from socialcube.web.pages.periods import Period
from socialcube.web.pages.runs import Run, list_runs
from socialcube.web.pages.states import list_states
from socialcube.web.shell.choice import Choice

LATEST: Final = 12
"""Runs beside the fleet."""

MOST_BOTS: Final = 50
"""Rows of the fleet; the list of bots has them all, with search."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the page shows.

    Attributes:
        fixes: what needs attention, the worst first.
        bots: how many the person may see, more than `fleet` has rows in a large fleet.
        steps: what somebody new has left to do, None when there is nothing.
        sees_log: whether the person may see runs of any bot.
    """

    fixes: list[Fix]
    figures: list[Figure]
    fleet: list[FleetRow]
    runs: list[Run]
    bots: int
    steps: FirstSteps | None
    sees_log: bool


def make_home(session: Session, actor: Actor, choice: Choice | None, period: Period, sort: str) -> Home:
    """Read all that Home shows to this person.

    Args:
        session: any open session.
        actor: who looks.
        choice: the bots that the pages show, None for all.
        period: that the figures are of.
        sort: order of the fleet, as in the address.
    """
    seen, logs = (
        choice.within(found) if choice else found
        for found in (scope(actor, Permission.BOT_VIEW), scope(actor, Permission.LOG_VIEW))
    )
    now = services().shared.clock.now()
    states = list_states(session, seen)
    stopped = sum(state.bot.desired_state is DesiredState.STOPPED for state in states)
    rows = make_rows(states, overview.list_bot_figures(session, seen, period.key, now), sort)
    return Home(
        fixes=make_fixes(
            actor,
            overview.list_attention(
                session,
                seen,
                now,
                tellers=scope(actor, Permission.ALERT_EDIT),
                asked_by=str(actor),
                limit=MOST,
            ),
        ),
        figures=make_figures(overview.get_figures(session, seen, period.key, now), period, stopped=stopped),
        fleet=rows[:MOST_BOTS],
        runs=list_runs(session, logs, {state.bot.id: state.bot.name for state in states}, LATEST),
        bots=len(states),
        steps=find_first_steps(session, actor, states),
        sees_log=bool(logs),
    )
