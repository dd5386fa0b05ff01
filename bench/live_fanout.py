"""Live rows to many viewers from one core: our channel against Node's socket.io."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.pairs import Pair, compare
from bench.raw_sockets import RawSocket, deliver
from socialcube.domain.logs.types import LogRow
from socialcube.web.realtime.lines import to_line
from socialcube.web.realtime.tailer import BATCH_ROWS
from tests.factories.logs import make_command_log

VIEWERS = 300
BATCHES = 20
KEPT = 2
"""Viewers whose rows are compared one by one; of the others the messages are counted."""

_PEERS = Path(__file__).parent / "peers"


def measure() -> Pair:
    """Measure rows delivered a second, the server on a core of its own, the viewers on another.

    Both sides encode each batch of a hundred rows once and send it to every viewer. Ours also filters,
    makes the line of each row and looks at each viewer's queue; the database is left out of both.
    """
    with tempfile.TemporaryDirectory() as folder, _node(Path(folder)) as node, _ours() as ours:
        _pin(os.getpid(), last=True)
        sides = {port: _connect(port) for port in (ours, node)}
        pair = compare(
            f"P7 live rows a second to {VIEWERS} viewers",
            lambda: _rate(sides[ours]),
            lambda: _rate(sides[node]),
            target=">= 1.0",
            note="Node socket.io 4.8.4; lost 0, doubled 0",
        )
        for sockets in sides.values():
            for each in sockets[:KEPT]:
                ids = each.ids()
                assert ids == list(range(1, len(ids) + 1)), "rows were lost or doubled"
            assert len({each.count for each in sockets}) == 1, "viewers got different messages"
        return pair


def _rate(sockets: list[RawSocket]) -> float:
    return BATCHES * BATCH_ROWS * len(sockets) / deliver(sockets, BATCHES)


def _connect(port: int) -> list[RawSocket]:
    return [RawSocket(port, keeps=number < KEPT) for number in range(VIEWERS)]


@contextmanager
def _ours() -> Iterator[int]:
    with _serving([sys.executable, "-m", "bench.peers.live_rows"]) as port:
        yield port


@contextmanager
def _node(folder: Path) -> Iterator[int]:
    """Install and start the peer in a folder that goes away again."""
    shutil.copytree(_PEERS / "socketio_node", folder, dirs_exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)  # noqa: S607 - whichever npm there is
    rows = folder / "rows.json"
    rows.write_text(json.dumps([to_line(LogRow(1, make_command_log()), "Harbor") for _ in range(BATCH_ROWS)]))
    with _serving(["node", str(folder / "server.js"), str(rows)]) as port:
        yield port


@contextmanager
def _serving(command: list[str]) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own commands
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        _pin(process.pid, last=False)
        yield port
    finally:
        process.kill()
        process.wait()


def _pin(pid: int, *, last: bool) -> None:
    """Keep a process on the first core or on the last one, where the machine has two."""
    cores = sorted(os.sched_getaffinity(0) | set(range(os.cpu_count() or 1)))
    os.sched_setaffinity(pid, {cores[-1] if last else cores[0]})
