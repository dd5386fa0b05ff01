from typing import Any

import pytest

from socialcube.domain.bots.types import DesiredState, ProcessState
from socialcube.domain.overview.types import BotFigures
from socialcube.web.pages.home.fleet import COLUMNS, FleetRow, can_sort, make_rows, next_sort
from tests.factories.states import make_bot_state
from tests.fakes.clock import START

WELL = make_bot_state("Aster", seen={"guild_count": 2})
FAILED = make_bot_state("Birch", has_runner=False)
STOPPED = make_bot_state(
    "Clover", desired_state=DesiredState.STOPPED, seen={"process": ProcessState.STOPPED, "guild_count": 9}
)
FIGURES = {WELL.bot.id: BotFigures(40, 2, 2000.0, START, (1.0, 39.0))}


def rows(sort: str) -> list[FleetRow]:
    return make_rows([WELL, FAILED, STOPPED], FIGURES, sort)


def names(sort: str) -> str:
    return "".join(row.state.bot.name[0] for row in rows(sort))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("state", "BAC"),
        ("-state", "CAB"),
        ("bot", "ABC"),
        ("-bot", "CBA"),
        ("-servers", "CAB"),
        ("-commands", "ABC"),
        ("-errors", "ABC"),
        ("-p95", "ABC"),
        ("-event", "ABC"),
        ("nonsense", "BAC"),
    ],
)
def test_the_worst_come_first_unless_somebody_sorts(sort: str, order: str) -> None:
    assert names(sort) == order


def test_a_bot_without_figures_did_nothing() -> None:
    failed = rows("state")[0]
    assert (failed.commands, failed.errors, failed.p95_ms, failed.is_slow) == (0, 0, None, False)


def test_answers_near_discords_deadline_are_slow() -> None:
    assert rows("bot")[0].is_slow


@pytest.mark.parametrize(
    ("key", "sort", "asked"),
    [
        ("errors", "state", "-errors"),
        ("errors", "-errors", "errors"),
        ("errors", "errors", "-errors"),
        ("bot", "state", "bot"),
        ("bot", "bot", "-bot"),
    ],
)
def test_a_click_on_a_head_sorts_and_the_next_turns_it_round(key: str, sort: str, asked: str) -> None:
    [column] = [column for column in COLUMNS if column.key == key]
    assert next_sort(column, sort) == asked


def test_all_columns_but_the_trend_can_be_sorted() -> None:
    unsortable: list[Any] = [column.key for column in COLUMNS if not can_sort(column.key)]
    assert unsortable == ["trend"]
