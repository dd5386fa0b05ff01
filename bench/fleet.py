"""What the measurements of the fleet share: the gateway at the far end, our runner, bots by hand."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.world import tokens
from tests.support.installation import PROJECT, Installation
from tests.support.postgres import Cluster, run_name
from tests.support.valkey import RunningValkey

FIRST_OURS: Final = 100_000
FIRST_RAW: Final = 500_000
INTENTS: Final = 1 | 1 << 9
# What `bench.peers.raw_bots` writes in Python, built in the panel. Both let a person use it five times in ten
# seconds, which ours counts for all commands together. Both leave to Discord who may use it at all: it
# knows what a server's owner has overridden. Ours asks besides whether the server has switched it off.
GREET: Final = """
schema: 1
name: greet
description: Greet somebody
default_member_permissions: "2048"
options:
  - {name: who, type: string, description: Whom to greet, required: true}
  - {name: times, type: integer, description: How often, required: true}
steps:
  - id: often
    type: if
    params:
      conditions: [{left: "{{ options.times }}", operator: at_least, right: "5"}]
    then:
      - {id: too_often, type: reply, params: {text: "That is too often."}}
    else:
      - {id: hello, type: reply, params: {text: "Hello {{ options.who }}, {{ options.times }} times!"}}
"""
_PRODUCTION: Final = {
    "BOT_LEASE_SECONDS": "20",
    "BOT_RENEW_SECONDS": "5",
    "BOT_RECONCILE_SECONDS": "5",
    "BOT_RUNNER_LIMIT": "5000",
}
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Gateway:
    """The far end, a process that is told what to do line by line. It shares its core with the database."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.peers.gateway"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        pin(self._process.pid, last=True)
        self.base_url = f"http://{self._read()['address']}/api/v10"

    def ask(self, order: str, **how: Any) -> dict[str, Any]:
        """Give an order to `bench.peers.gateway.work.Work` and wait for what it says."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **how}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def wait_live(self, count: int) -> float:
        """Wait until so many bots are online. Gives when the last came up, in monotonic seconds."""
        return float(self.ask("wait", live=count)["last_up"])

    def counts(self) -> dict[str, int]:
        """Give what was counted."""
        return dict(self.ask("stats")["counts"])

    @property
    def pid(self) -> int:
        """Give the process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the gateway ended"
        found: dict[str, Any] = json.loads(line)
        return found


class Fleet:
    """Our side: bots in a database, and runners for them on the first core.

    Args:
        house: where they live.
    """

    def __init__(self, house: Installation) -> None:
        self.house = house
        self.ids: list[int] = []

    def add(self, count: int) -> list[UUID]:
        """Create bots with `/greet` and wish them to run."""
        made = []
        for _ in range(count):
            bot_id = FIRST_OURS + len(self.ids)
            self.ids.append(bot_id)
            made.append(self.house.add_bot(_bot(bot_id), GREET, intents=INTENTS))
        return made

    def start(self, name: str = "bots") -> "subprocess.Popen[bytes]":
        """Start a runner as its line in the Procfile does: with imports of its own, sharing no memory."""
        with (self.house.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "bot_runner.py"],
                cwd=PROJECT,
                env=self.house.environment | _PRODUCTION,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.house.runners[name] = process
        pin(process.pid, last=False)
        return process

    def wait_settled(self) -> None:
        """Wait until every bot's commands are registered, and a moment for what follows."""
        statement = "SELECT count(*) AS open FROM bot_states WHERE commands_synced_at IS NULL"
        self.house.wait(
            lambda: self.house.rows(statement)[0]["open"] == 0, "commands are registered", seconds=300
        )
        time.sleep(3)


@contextmanager
def fleet(gateway: Gateway, folder: Path) -> Iterator[Fleet]:
    """Make an installation on PostgreSQL and Valkey that takes the gateway for Discord."""
    cluster = Cluster(f"bench-{run_name()}")
    with (
        cluster.migrated_database() as url,
        RunningValkey() as valkey,
        Installation(folder, url.reveal(), gateway.base_url, valkey.url.reveal()) as house,
    ):
        pin(cluster.pid, last=True)
        yield Fleet(house)


@contextmanager
def raw_bots(gateway: Gateway, first: int, count: int) -> Iterator["subprocess.Popen[str]"]:
    """Run bots by hand in one process on the first core, once they are ready and frozen."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.peers.raw_bots", gateway.base_url, str(first), str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        pin(process.pid, last=False)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "the bots by hand did not start"
        yield process
    finally:
        process.kill()
        process.wait()


def kill(process: "subprocess.Popen[Any]") -> float:
    """End a process as a crash does. Gives when, in monotonic seconds."""
    at = time.monotonic()
    process.send_signal(signal.SIGKILL)
    process.wait()
    return at


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pss_kib(pid: int) -> int:
    """Give the memory of a process, what it shares with others counted in part (proportional set size)."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def pin(pid: int, *, last: bool) -> None:
    """Keep a process on the first core or on the last one, where the machine has two."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(pid, {cores[-1] if last else cores[0]})


def _bot(bot_id: int) -> Bot:
    return Bot(
        id=str(bot_id),
        name=f"Bot {bot_id}",
        description="",
        token=tokens.bot_token(bot_id),
        client_secret="",
        redirect_uris=[],
        intents=0,
        starts_left=1000,
        shards=1,
        max_concurrency=1,
        guild_ids=[],
        online=False,
    )
