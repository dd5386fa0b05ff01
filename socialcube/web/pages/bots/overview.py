"""The Overview tab: charts, timeline, health."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import queries as commands
from socialcube.domain.overview import queries as overview
from socialcube.domain.placements import queries as placements
from socialcube.web.context import services
from socialcube.web.pages.bots import charts
from socialcube.web.pages.bots.charts import BarChart, LineChart, TableRow
from socialcube.web.pages.bots.head import Head
from socialcube.web.pages.bots.health import Axis, Meter, gateway_axis, list_meters, process_axis
from socialcube.web.pages.bots.latency import LatencyChart, latency_chart
from socialcube.web.pages.bots.shards import ShardRow, list_shard_rows
from socialcube.web.pages.bots.timeline import Happening, list_happenings
from socialcube.web.pages.bots.told import Telling, read_telling
from socialcube.web.pages.periods import Period
from socialcube.web.pages.sight import SIGHTS, Sight

HAPPENINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """What the tab shows.

    Attributes:
        commands: runs in the period.
        p95_ms: of the period, None when nothing was answered.
        happenings: None when the person may not see the log.
        shards: the parts of the bot, none when it runs in one.
        sights: what the bot may see, each with whether it may.
        telling: who hears of it when it is in trouble.
    """

    commands: int
    errors: int
    p95_ms: float | None
    bars: BarChart
    line: LineChart
    rows: list[TableRow]
    times: tuple[str, ...]
    happenings: list[Happening] | None
    axes: tuple[Axis, Axis]
    meters: list[Meter]
    latency: LatencyChart
    shards: list[ShardRow]
    sights: list[tuple[Sight, bool]]
    telling: Telling


def make_overview(session: Session, head: Head, period: Period) -> Overview:
    """Read what the tab shows of a period."""
    bot, now = head.bot, services().shared.clock.now()
    figures = overview.get_figures(session, Scope(is_all=False, bot_ids=frozenset({bot.id})), period.key, now)
    counts, errors, slow = figures.commands.points, figures.errors.points, figures.p95.points
    live = [item for item in commands.list_published_keys(session, bot.id) if item[2] is None]
    sees_log = Permission.LOG_VIEW in head.may
    return Overview(
        commands=round(figures.commands.total or 0),
        errors=round(figures.errors.total or 0),
        p95_ms=figures.p95.total,
        bars=charts.bar_chart(counts, errors),
        line=charts.line_chart(slow),
        rows=charts.table_rows(period, now, counts, errors, slow),
        times=charts.time_labels(period, now),
        happenings=list_happenings(session, bot.id, HAPPENINGS, may=head.may) if sees_log else None,
        axes=(process_axis(head.state), gateway_axis(head.state)),
        meters=list_meters(
            head.state,
            placements.get_budgets(session, bot.id),
            live_commands=len(live),
            created=commands.count_created(session, bot.id, now),
        ),
        latency=latency_chart(bots.list_latency(session, bot.id, now - period.length), period, now),
        shards=list_shard_rows(session, bot),
        sights=[(sight, bool(bot.intents & sight.intent)) for sight in SIGHTS],
        telling=read_telling(session, head),
    )
