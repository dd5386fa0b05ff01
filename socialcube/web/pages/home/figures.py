"""The four figures of Home, in words."""

from dataclasses import dataclass

from socialcube.domain.overview.types import Figures, OnlineFigure, Series
from socialcube.web.pages.periods import Period
from socialcube.web.shell.filters import number


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its past.

    Attributes:
        unit: small, behind the number.
        note: how it compares, one short sentence.
        colour: class of the line's colour.
        endpoint: of the page that shows what is behind the number.
    """

    key: str
    label: str
    value: str
    unit: str
    note: str
    points: tuple[float | None, ...]
    colour: str
    endpoint: str


def make_figures(figures: Figures, period: Period, *, stopped: int) -> list[Figure]:
    """Say the figures of a period.

    Args:
        figures: as counted.
        period: which one they are of.
        stopped: bots that nobody wants to run.
    """
    return [
        _commands(figures.commands, period),
        _errors(figures, period),
        _reply_time(figures.p95, period),
        _online(figures.online, stopped),
    ]


def _commands(series: Series, period: Period) -> Figure:
    return Figure(
        "commands",
        f"Commands, {period.label}",
        number(series.total or 0),
        "",
        compare_share(series, period),
        series.points,
        "",
        "command_logs.index_view",
    )


def _errors(figures: Figures, period: Period) -> Figure:
    series, uses = figures.errors, figures.commands.total or 0
    # Errors of the panel are among them, so only failed uses make a share of the uses.
    share = f"{figures.failed / uses:.2%}".replace("%", " %") if uses and figures.failed else ""
    return Figure(
        "errors",
        f"Errors, {period.label}",
        number(series.total or 0),
        share,
        compare_count(series, period),
        series.points,
        "c4",
        "error_logs.index_view",
    )


def _reply_time(series: Series, period: Period) -> Figure:
    known = series.total is not None
    note = f"{number(round(series.previous))} ms {period.before}" if series.previous is not None else ""
    return Figure(
        "p95",
        "Reply time, p95",
        number(round(series.total)) if series.total is not None else "—",
        "ms" if known else "",
        note or ("19 of 20 answers are faster" if known else "Nothing was answered yet"),
        series.points,
        "c2",
        "command_logs.index_view",
    )


def _online(online: OnlineFigure, stopped: int) -> Figure:
    note = (
        f"{stopped} more {'is' if stopped == 1 else 'are'} stopped on purpose"
        if stopped
        else "All are wanted"
    )
    if not online.wanted and not stopped:
        note = "No bots yet"
    return Figure(
        "online",
        "Online now",
        number(online.online),
        f"of {online.wanted} wanted",
        note,
        online.points,
        "",
        "bots.index_view",
    )


def compare_share(series: Series, period: Period) -> str:
    """Say how much more or less there is than before, in percent."""
    total, previous = series.total or 0, series.previous or 0
    if not previous:
        return f"None {period.before}" if total else "None yet"
    percent = round((total - previous) * 100 / previous)
    if not percent:
        return f"As many as {period.before}"
    return f"{number(abs(percent))} % {'more' if percent > 0 else 'fewer'} than {period.before}"


def compare_count(series: Series, period: Period) -> str:
    """Say how many more or fewer there are than before."""
    difference = round((series.total or 0) - (series.previous or 0))
    if not difference and not series.total:
        return f"None {period.before} either"
    if not difference:
        return f"As many as {period.before}"
    return f"{number(abs(difference))} {'more' if difference > 0 else 'fewer'} than {period.before}"
