from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from socialcube.domain.logs.types import CommandLogRecord, ErrorLogRecord, Outcome
from socialcube.web.cli.demo.history import Stage, make_history
from tests.unit.web.conftest import Site

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAGE = Stage(
    bot_id=UUID(int=1),
    name="Fern",
    commands=[(UUID(int=2), "hello", 3)],
    guilds=[(2001, "Fern Street")],
    runs_per_hour=120,
)


def test_history_fills_the_asked_hours_in_order() -> None:
    moments = [record.occurred_at for record in make_history(STAGE, NOON, 24)]
    assert moments == sorted(moments)
    assert NOON - timedelta(hours=24) <= moments[0] < NOON - timedelta(hours=23)
    assert NOON - timedelta(hours=1) < moments[-1] < NOON


def test_evening_is_busier_than_the_night() -> None:
    hours = Counter(record.occurred_at.hour for record in make_history(STAGE, NOON, 24 * 7))
    assert hours[19] > 3 * hours[7]


def test_every_failed_run_has_an_error_that_names_it() -> None:
    records = list(make_history(STAGE, NOON, 48))
    failed = [
        str(run.event_id)
        for run in records
        if isinstance(run, CommandLogRecord) and run.outcome == Outcome.FAILED
    ]
    assert failed
    assert failed == [error.trace_id for error in records if isinstance(error, ErrorLogRecord)]


def test_history_is_for_the_sandbox_only(site: Site) -> None:
    result = site.run("demo", "history")
    assert result.exit_code == 1
    assert "sandbox only" in result.output
