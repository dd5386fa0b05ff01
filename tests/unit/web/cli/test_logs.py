import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import LogRecord
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.web.cli import logs
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log
from tests.fakes.clock import START
from tests.unit.web.cli.conftest import add_bot
from tests.unit.web.conftest import Site


def store(site: Site, *records: LogRecord) -> None:
    RowStore(site.services.shared.writes).write([make_entry(record) for record in records])


def tail(site: Site, *words: str) -> list[str]:
    result = site.run("logs", "tail", "--no-follow", *words)
    assert result.exit_code == 0, result.stderr
    return result.output.splitlines()


def later(seconds: float) -> dict[str, object]:
    return {"occurred_at": START + timedelta(seconds=seconds)}


def test_streams_are_shown_together_in_order_of_time(site: Site) -> None:
    bot_id = add_bot(site)
    store(
        site,
        make_request_log(**later(3), path="/third"),
        make_command_log(**later(2), bot_id=bot_id, command_name="second"),
        make_bot_log(**later(1), bot_id=bot_id, kind="first"),
        make_error_log(**later(4), message="the fourth"),
    )
    lines = tail(site)
    assert [
        word in line for word, line in zip(["first", "/second", "/third", "fourth"], lines, strict=True)
    ] == [True] * 4
    assert "Fern" in lines[0]


def test_only_the_asked_streams_are_shown(site: Site) -> None:
    store(site, make_request_log(path="/here"), make_error_log(message="elsewhere"))
    (line,) = tail(site, "--stream", "requests")
    assert "/here" in line


def test_only_the_last_lines_are_shown(site: Site) -> None:
    store(site, *(make_request_log(**later(number), path=f"/{number}") for number in range(5)))
    lines = tail(site, "--lines", "2")
    assert ["/3" in lines[0], "/4" in lines[1]] == [True, True]
    assert tail(site, "--lines", "0") == []


def test_only_one_bots_rows_are_shown(site: Site) -> None:
    fern, moss = add_bot(site), add_bot(site, "Moss", external_id=78)
    store(site, make_bot_log(bot_id=fern, kind="mine"), make_bot_log(bot_id=moss, kind="other"))
    (line,) = tail(site, "--bot", "Fern", "--stream", "bots")
    assert "mine" in line


@pytest.mark.parametrize("since", ["999999d", "0001-01-01T00:00Z"])
def test_since_ever_is_all_there_is(site: Site, since: str) -> None:
    store(site, make_request_log(path="/here"))
    assert len(tail(site, "--since", since)) == 1


@pytest.mark.parametrize("since", ["10m", "600s", "2026-01-02T02:54:05Z", "2026-01-02T02:54:05"])
def test_since_begins_there(site: Site, since: str) -> None:
    store(site, make_request_log(**later(-601), path="/old"), make_request_log(**later(-599), path="/new"))
    (line,) = tail(site, "--since", since, "--stream", "requests")
    assert "/new" in line


def test_since_shows_every_row_from_there_in_order_of_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_PAGE", 2)
    store(site, make_request_log(**later(-700), path="/0"))
    store(site, *(make_request_log(**later(number), path=f"/{number}") for number in range(1, 8, 2)))
    store(site, *(make_error_log(**later(number), message=f"/{number}") for number in range(2, 8, 2)))
    lines = tail(site, "--since", "10m")
    assert [re.findall("/[0-9]", line)[0] for line in lines] == [f"/{number}" for number in range(1, 8)]


def test_since_with_lines_shows_the_last_of_them(site: Site) -> None:
    store(site, *(make_request_log(**later(number), path=f"/{number}") for number in range(5)))
    lines = tail(site, "--since", "10m", "--lines", "2")
    assert ["/3" in lines[0], "/4" in lines[1]] == [True, True]


def test_following_goes_on_where_since_ended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store(site, make_request_log(path="/before"))

    def steps() -> Iterator[None]:
        store(site, make_request_log(path="/after"))
        yield

    monkeypatch.setattr(site.bus, "subscribe", lambda *_: Hints(steps()))
    result = site.run("logs", "tail", "--stream", "requests", "--since", "1h")
    assert [line.split()[3] for line in result.output.splitlines()] == ["/before", "/after"]


@pytest.mark.parametrize("since", ["yesterday", "0001-01-01T00:00+14:00"])
def test_a_since_that_means_nothing_is_a_usage_error(site: Site, since: str) -> None:
    result = site.run("logs", "tail", "--no-follow", "--since", since)
    assert result.exit_code == 2
    assert "10m" in result.stderr


def test_a_row_cannot_drive_the_terminal(site: Site) -> None:
    store(site, make_error_log(message="one\n12:00:00.000  error  two\x1b[2J\u202e"))
    (line,) = tail(site, "--stream", "errors")
    assert line.isprintable()


def test_json_has_every_field_and_outside_ids_as_text(site: Site) -> None:
    store(site, make_command_log(guild_id=2**60 + 1, user_id=2**60 + 3, channel_id=None))
    row = json.loads(tail(site, "--json", "--stream", "commands")[0])
    assert row["stream"] == "commands"
    assert row["guild_id"] == str(2**60 + 1)
    assert row["user_id"] == str(2**60 + 3)
    assert row["channel_id"] is None
    assert row["occurred_at"].endswith("+00:00")


class Hints:
    """A subscription that runs steps in between, then is interrupted."""

    def __init__(self, steps: Iterator[None]) -> None:
        self._steps = steps
        self.closed = False

    def wait(self, seconds: float) -> ControlMessage | None:
        del seconds
        if next(self._steps, "end") == "end":
            raise KeyboardInterrupt
        return None

    def close(self) -> None:
        self.closed = True


def test_following_shows_each_new_row_once_and_ends_with_ctrl_c(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(site, make_request_log(path="/before"))

    def steps() -> Iterator[None]:
        store(site, make_request_log(path="/one"), make_request_log(path="/two"))
        yield
        yield
        store(site, make_request_log(path="/three"))
        yield

    hints = Hints(steps())
    asked: list[tuple[Topic, ...]] = []

    def subscribe(*topics: Topic) -> Hints:
        asked.append(topics)
        return hints

    monkeypatch.setattr(site.bus, "subscribe", subscribe)
    result = site.run("logs", "tail", "--stream", "requests", "--lines", "0")
    assert result.exit_code == 0
    assert [line.split()[3] for line in result.output.splitlines()] == ["/one", "/two", "/three"]
    assert asked == [(Topic.LOGS_COMMITTED,)]
    assert hints.closed
