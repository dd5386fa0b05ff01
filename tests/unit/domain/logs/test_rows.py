import json
from datetime import datetime, timedelta, timezone

import pytest

from socialcube.domain.logs.sink.rows import decode_line, make_entry
from socialcube.domain.logs.types import LogRecord
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log
from tests.fakes.clock import START


@pytest.mark.parametrize(
    "record",
    [make_command_log(), make_bot_log(), make_request_log(), make_error_log(detail="a\nb")],
    ids=lambda record: record.stream,
)
def test_a_line_gives_its_entry_back(record: LogRecord) -> None:
    entry = make_entry(record)
    assert entry.line.count(b"\n") == 1
    assert entry.line.endswith(b"\n")
    assert decode_line(entry.line) == entry


def test_fields_are_cut_to_their_columns() -> None:
    row = make_entry(make_command_log(command_name="n" * 500, error_message="m" * 5000)).row
    assert (len(row["command_name"]), len(row["error_message"])) == (100, 1000)


def test_moments_become_utc() -> None:
    local = START.astimezone(timezone(timedelta(hours=-5)))
    assert make_entry(make_bot_log(occurred_at=local)).row["occurred_at"].tzinfo is START.tzinfo


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 2**31},
        {"status": "not a number"},
        {"status": None},
        {"occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - the very thing to refuse
        {"event_id": "not an id"},
        {"duration_ms": "slow"},
        {"duration_ms": float("nan")},
        {"duration_ms": float("inf")},
    ],
)
def test_a_value_that_its_column_cannot_hold_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        make_entry(make_request_log(**changes))


@pytest.mark.parametrize("user_id", [2**63, -(2**63) - 1])
def test_an_outside_id_beyond_64_bits_is_refused(user_id: int) -> None:
    with pytest.raises(ValueError, match="too large"):
        make_entry(make_command_log(user_id=user_id))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b'["bots"]\n',
        b'["nothing",{}]\n',
        b'["bots",{}]\n',
        b"\xff\n",
        b'["bots",3]\n',
    ],
)
def test_a_damaged_line_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_line(line)


def test_every_torn_line_is_refused() -> None:
    line = make_entry(make_bot_log()).line
    for end in range(len(line) - 1):
        with pytest.raises((ValueError, TypeError)):
            decode_line(line[:end])


def test_a_line_of_an_older_version_with_more_columns_is_read() -> None:
    entry = make_entry(make_bot_log())
    stream, values = json.loads(entry.line)
    line = json.dumps([stream, values | {"gone": 1}]).encode()
    assert decode_line(line).row == entry.row


@pytest.mark.parametrize(
    "record",
    [make_command_log(), make_bot_log(), make_request_log(), make_error_log()],
    ids=lambda record: record.stream,
)
def test_a_line_of_an_older_version_with_fewer_columns_gets_the_defaults(record: LogRecord) -> None:
    fresh = ("deferred", "trace", "runner_id", "data", "agent", "place")
    stream, values = json.loads(make_entry(record).line)
    line = json.dumps([stream, {name: value for name, value in values.items() if name not in fresh}])
    defaults = {"deferred": False, "trace": [], "runner_id": None, "data": {}, "agent": "", "place": ""}
    row = decode_line(line.encode()).row
    assert row == make_entry(record).row | {name: defaults[name] for name in fresh if name in values}


@pytest.mark.parametrize("name", ["event_id", "occurred_at", "bot_id"])
def test_a_line_without_what_every_row_needs_is_refused(name: str) -> None:
    stream, values = json.loads(make_entry(make_bot_log()).line)
    del values[name]
    with pytest.raises(KeyError):
        decode_line(json.dumps([stream, values]).encode())
