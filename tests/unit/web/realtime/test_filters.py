import pytest

from socialcube.domain.logs.types import Level, LogRecord, Outcome
from socialcube.kernel.errors import InvalidInputError
from socialcube.web.realtime.filters import parse_filter
from tests.factories.logs import (
    BOT,
    OTHER_BOT,
    make_bot_log,
    make_command_log,
    make_error_log,
    make_request_log,
)


def test_an_empty_filter_lets_everything_through() -> None:
    wanted = parse_filter({"q": "  ", "level": ""})
    records: list[LogRecord] = [
        make_command_log(),
        make_bot_log(level="debug"),
        make_error_log(),
        make_request_log(),
    ]
    assert all(map(wanted.allows, records))


@pytest.mark.parametrize(
    ("given", "hit", "miss"),
    [
        ({"bot": str(BOT)}, make_command_log(bot_id=BOT), make_command_log(bot_id=OTHER_BOT)),
        ({"bot": str(BOT)}, make_error_log(bot_id=BOT), make_error_log()),
        ({"command": "hello"}, make_command_log(), make_command_log(command_name="bye")),
        ({"outcome": "failed"}, make_command_log(outcome=Outcome.FAILED), make_command_log()),
        ({"q": "GREEN"}, make_command_log(guild_name="Greenhouse"), make_command_log(guild_name="Shed")),
        ({"q": "lost"}, make_bot_log(message="Lost it"), make_bot_log()),
        ({"q": "/bots"}, make_request_log(), make_request_log(path="/")),
        ({"level": "warning"}, make_command_log(outcome=Outcome.REFUSED), make_command_log()),
        ({"level": "warning"}, make_request_log(status=404), make_request_log()),
        ({"level": "error"}, make_request_log(status=500), make_request_log(status=404)),
        ({"level": "error"}, make_bot_log(level="error"), make_bot_log(level="warning")),
        ({"level": "error"}, make_error_log(), make_command_log(outcome=Outcome.REFUSED)),
    ],
)
def test_a_filter_lets_through_what_it_names(given: dict[str, str], hit: LogRecord, miss: LogRecord) -> None:
    wanted = parse_filter(given)
    assert wanted.allows(hit)
    assert not wanted.allows(miss)


def test_a_bot_narrows_no_stream_without_bots() -> None:
    assert parse_filter({"bot": str(BOT)}).allows(make_request_log())


def test_equal_words_make_equal_filters_that_can_share_a_room() -> None:
    one, other = parse_filter({"q": "x", "level": "info"}), parse_filter({"level": "info", "q": " x "})
    assert one == other
    assert len({one, other}) == 1
    assert one.least is Level.INFO


@pytest.mark.parametrize("given", [{"bot": "no id"}, {"level": "loud"}, {"q": "x" * 201}])
def test_nonsense_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        parse_filter(given)


def test_unknown_words_change_nothing() -> None:
    assert parse_filter({"stream": "bots", "since": "3"}) == parse_filter({})
