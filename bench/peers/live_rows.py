"""Serves our live rows under eventlet, from a stream in memory instead of a database.

Everything else is what the panel runs: the tailer, the rooms, the line of each row, the sender.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - must patch before all other imports

eventlet.monkey_patch()

import socketio  # noqa: E402 - as above
from eventlet import wsgi  # noqa: E402 - as above

from socialcube.domain.access.types import Scope  # noqa: E402 - as above
from socialcube.domain.logs.types import LogRow, Stream  # noqa: E402 - as above
from socialcube.kernel.clock import SystemClock  # noqa: E402 - as above
from socialcube.web.realtime.filters import LiveFilter  # noqa: E402 - as above
from socialcube.web.realtime.rooms import RoomKey  # noqa: E402 - as above
from socialcube.web.realtime.sender import MAX_WAITING, LocalSender  # noqa: E402 - as above
from socialcube.web.realtime.sights import Sight  # noqa: E402 - as above
from socialcube.web.realtime.tailer import BATCH_ROWS, Tailer  # noqa: E402 - as above
from tests.factories.logs import make_command_log  # noqa: E402 - as above


class Endless:
    """A stream in which the next rows are always committed already."""

    def __init__(self) -> None:
        self._records = [make_command_log(occurred_at=SystemClock().now()) for _ in range(BATCH_ROWS)]

    def latest_id(self) -> int:
        """Begin at the start."""
        return 0

    def list_since(self, since_id: int, limit: int) -> list[LogRow]:
        """Give the next rows."""
        return [LogRow(since_id + at + 1, record) for at, record in enumerate(self._records[:limit])]


def main() -> None:
    """Serve until killed. The first line printed is the port."""
    server = socketio.Server(
        async_mode="eventlet",
        transports=["websocket"],
        cors_allowed_origins=[],
        async_handlers=True,
        ping_interval=600,
        ping_timeout=600,
    )
    tailer = Tailer(
        Stream.COMMANDS, Endless(), LocalSender(server), name_of=lambda _: "Harbor", clock=SystemClock()
    )
    key = RoomKey(LiveFilter(), Sight(Scope(is_all=True), sees_site=False))

    @server.event  # type: ignore[untyped-decorator] # the library ships no types
    def connect(sid: str, _environ: object) -> None:
        tailer.join(key, sid, "w1")
        server.start_background_task(server.emit, "ready", to=sid)

    @server.event  # type: ignore[untyped-decorator] # as above
    def go(_sid: str, batches: int) -> None:
        for _ in range(batches):
            tailer.step()
            # A page that cannot follow would be told to fetch; here all shall be sent.
            while any(socket.queue.qsize() >= MAX_WAITING // 2 for socket in server.eio.sockets.values()):
                eventlet.sleep(0)
            eventlet.sleep(0)

    listener = eventlet.listen(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    wsgi.server(listener, socketio.WSGIApp(server), log_output=False)


if __name__ == "__main__":
    main()
