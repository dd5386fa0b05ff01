import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.types import Stream
from socialcube.web.realtime.filters import parse_filter
from socialcube.web.realtime.rooms import RoomKey
from socialcube.web.realtime.sights import find_sight
from socialcube.web.realtime.tailer import BATCH_ROWS, PROGRESS_SECONDS, Tailer
from tests.factories.access import make_actor, make_owner
from tests.factories.logs import BOT, OTHER_BOT, make_command_log
from tests.fakes.clock import FakeClock
from tests.fakes.realtime import FakeRows, FakeSender


class Tail:
    """A tailer between fakes."""

    def __init__(self) -> None:
        self.rows, self.sender, self.clock = FakeRows(), FakeSender(), FakeClock()
        self.names: list[object] = []
        self.tailer = Tailer(
            Stream.COMMANDS,
            self.rows,
            self.sender,
            name_of=lambda bot_id: "Fern" if bot_id == BOT else "Moss",
            clock=self.clock,
        )

    def join(self, sid: str, actor: object = None, **filters: str) -> tuple[str, int]:
        sight = find_sight(actor or make_owner(), Stream.COMMANDS)  # type: ignore[arg-type] # short for tests
        assert sight is not None
        return self.tailer.join(RoomKey(parse_filter(filters), sight), sid, "w1")

    def ids(self, sid: str) -> list[int]:
        return [row["id"] for message in self.sender.heard_by(sid, "rows") for row in message["rows"]]


@pytest.fixture
def tail() -> Tail:
    return Tail()


def test_nobody_listening_means_nothing_is_read(tail: Tail) -> None:
    tail.rows.commit(make_command_log())
    assert tail.tailer.step() is False
    assert tail.rows.reads == 0


def test_whoever_joins_hears_everything_behind_the_cursor_and_nothing_before(tail: Tail) -> None:
    tail.rows.commit(make_command_log(), make_command_log())
    _, cursor = tail.join("a")
    assert cursor == 2
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    tail.tailer.step()
    assert tail.ids("a") == [3]


def test_a_late_comer_gets_the_cursor_of_those_who_listen_already(tail: Tail) -> None:
    tail.join("a")
    tail.rows.commit(make_command_log())
    _, cursor = tail.join("b")
    assert cursor == 0
    tail.tailer.step()
    assert tail.ids("a") == tail.ids("b") == [1]


def test_the_cursor_begins_anew_after_everybody_left(tail: Tail) -> None:
    tail.join("a")
    tail.tailer.leave("a", "w1")
    tail.rows.commit(make_command_log())
    assert tail.join("b")[1] == 1


def test_many_rows_come_in_batches(tail: Tail) -> None:
    tail.join("a")
    tail.rows.commit(*(make_command_log() for _ in range(BATCH_ROWS + 1)))
    assert tail.tailer.step() is True
    assert tail.tailer.step() is False
    assert tail.ids("a") == list(range(1, BATCH_ROWS + 2))


def test_equal_wishes_share_a_room_and_others_do_not(tail: Tail) -> None:
    assert tail.join("a", q="x")[0] == tail.join("b", q=" x")[0]
    assert tail.join("a", q="x")[0] != tail.join("c", q="y")[0]


def test_rows_go_only_to_those_who_may_and_want_to_see_them(tail: Tail) -> None:
    tail.join("owner")
    tail.join("of one bot", make_actor(Permission.LOG_VIEW, bot_id=BOT))
    tail.join("of another", make_actor(Permission.LOG_VIEW, bot_id=OTHER_BOT))
    tail.join("picky", command="bye")
    tail.rows.commit(make_command_log(bot_id=BOT), make_command_log(bot_id=OTHER_BOT, command_name="bye"))
    tail.tailer.step()
    assert tail.ids("owner") == [1, 2]
    assert tail.ids("of one bot") == [1]
    assert tail.ids("of another") == tail.ids("picky") == [2]


def test_a_message_tells_how_far_and_how_late_it_is(tail: Tail) -> None:
    tag, _ = tail.join("a")
    tail.rows.commit(make_command_log(occurred_at=tail.clock.now()))
    tail.clock.advance(0.2)
    tail.tailer.step()
    message = tail.sender.heard_by("a", "rows")[0]
    assert (message["room"], message["stream"], message["to"]) == (tag, "commands", 1)
    assert message["delay"] == pytest.approx(0.2)
    assert message["sent"] == pytest.approx(tail.clock.now().timestamp(), abs=0.001)
    assert message["rows"][0]["bot"] == "Fern"


def test_a_quiet_room_hears_now_and_then_how_far_the_stream_is(tail: Tail) -> None:
    tail.join("a", command="never")
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    assert [message["to"] for message in tail.sender.heard_by("a", "rows")] == [1]
    tail.clock.advance(PROGRESS_SECONDS)
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    assert [message["to"] for message in tail.sender.heard_by("a", "rows")] == [1, 3]


def test_a_slow_page_is_told_to_fetch_and_gets_nothing_more(tail: Tail) -> None:
    tail.join("slow")
    tail.join("quick")
    tail.sender.slow = {"slow"}
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    tail.sender.slow = set()
    tail.rows.commit(make_command_log())
    tail.tailer.step()
    assert tail.sender.heard_by("slow", "again") == [{"watch": "w1"}]
    assert tail.ids("slow") == []
    assert tail.ids("quick") == [1, 2]


def test_an_unreachable_database_makes_everybody_late_and_loses_nothing(tail: Tail) -> None:
    tail.join("a")
    tail.rows.commit(make_command_log())
    tail.rows.is_away = True
    tail.clock.advance(3)
    assert tail.tailer.step() is False
    assert tail.sender.heard_by("a", "late") == [{"stream": "commands", "seconds": 3.0}]
    tail.rows.is_away = False
    tail.tailer.step()
    assert tail.ids("a") == [1]
