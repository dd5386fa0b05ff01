"""A pickle in every key that a process reads, and on every channel that one hears: nothing of it runs."""

import base64
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import redis

from tests.support.canary import Browser, RedisWitness, come_back, leave, sign_in
from tests.support.migrated import migrated_url
from tests.support.system import System

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

_KEPT_MS: Final = 600_000
_READS: Final = frozenset({"GET", "GETDEL", "HGET", "HGETALL", "BRPOP", "RPOP", "LRANGE", "SMEMBERS"})
_HEARS: Final = frozenset({"SUBSCRIBE", "PSUBSCRIBE"})


class Trap:
    """Makes a folder when somebody unpickles it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.mkdir, (self._folder,)


@dataclass(frozen=True)
class Trapped:
    """A running installation, and a pickle that tells on whoever reads it.

    Attributes:
        sprung: the folder that appears then.
    """

    system: System
    browser: Browser
    witness: RedisWitness
    sprung: Path
    pickle: bytes

    @property
    def client(self) -> "redis.Redis":
        """Give a connection of the attacker's own."""
        return redis.Redis(unix_socket_path=str(self.system.var / "redis.sock"))


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    folder = tmp_path_factory.mktemp("pickles")
    sprung = folder / "sprung"
    with System(folder, migrated_url(folder / "pickles.db")) as system:
        system.start("redis", "sandbox")
        system.release()
        with RedisWitness(system.var / "redis.sock") as witness:
            system.start("web", "worker", "beat", "bots")
            system.wait_ready()
            system.flask_ok("demo", "seed")
            browser = Browser(f"http://127.0.0.1:{system.ports['web']}")
            sign_in(browser, system)
            trapped = Trapped(system, browser, witness, sprung, pickle.dumps(Trap(sprung)))
            _use_everything(trapped)
            yield trapped


def test_asvs_1_5_2_no_process_unpickles_what_it_reads_from_redis(trapped: Trapped) -> None:
    keys, channels = _find_read_keys(trapped), _find_channels(trapped)
    for part in (":attempt:", ":celery:default", ":celery:dry_runs"):
        assert any(part in key for key in keys), keys
    assert len(channels) >= 3, channels
    stranger = Browser(trapped.browser.url)
    ticket = leave(stranger)
    keys |= _find_read_keys(trapped)
    pids = {name: trapped.system.pid(name) for name in ("web", "worker", "beat", "bots")}
    for key in keys:
        _plant(trapped, key)
    for channel in channels:
        for _ in range(2):
            trapped.client.publish(channel, trapped.pickle)
    # Of the attempt to sign in nothing is left that could be read, so the person is asked to begin again.
    assert come_back(stranger, trapped.system, ticket).status_code == 400
    _use_everything(trapped)
    assert not trapped.sprung.exists(), "somebody unpickled it"
    assert {name: trapped.system.pid(name) for name in pids} == pids
    # The trap works: this is what would have happened.
    pickle.loads(trapped.pickle)  # noqa: S301 - our own, to see it spring
    assert trapped.sprung.is_dir()


def _use_everything(trapped: Trapped) -> None:
    """Let each process read what it reads: sessions, limits, tickets, hints, tasks."""
    system, browser = trapped.system, trapped.browser
    # With its cached session spoilt the web asks the table, so the person stays signed in.
    assert browser.get("/admin/bots/").status_code == 200
    browser.post("/admin/live/ticket")
    Browser(browser.url).get("/login/discord")
    assert system.flask_ok("commands", "try", "Greenhouse", "hello"), "a worker does a dry run"
    system.wait(
        lambda: system.flask("bots", "refresh", "Greenhouse").returncode == 0, "its runner looks again"
    )


def _find_read_keys(trapped: Trapped) -> set[str]:
    """Find the keys that are there now, and those that some process read, whether there or not."""
    there = {key.decode() for key in trapped.client.scan_iter()}
    read = {key for verb, words in _commands(trapped) if verb in _READS for key in _keys_of(verb, words)}
    return {key for key in there | read if key}


def _keys_of(verb: str, words: list[str]) -> list[str]:
    """Give the keys of a reading command: a worker waits at all its queues at once, in changing order."""
    return words[:-1] if verb == "BRPOP" else words[:1]


def _find_channels(trapped: Trapped) -> set[str]:
    return {word for verb, words in _commands(trapped) if verb in _HEARS for word in words}


def _commands(trapped: Trapped) -> Iterator[tuple[str, list[str]]]:
    for line in trapped.witness.lines:
        # Like `1339518083.107412 [0 unix:/…/redis.sock] "keys" "*"`.
        verb, *words = [part for part in line.partition("] ")[2].strip().strip('"').split('" "') if part] or [
            ""
        ]
        yield verb.upper(), words


def _plant(trapped: Trapped, key: str) -> None:
    """Put the pickle in the place of what a key holds, in the shape that its reader expects."""
    client, trap = trapped.client, trapped.pickle
    kind: Any = client.type(key)
    match kind.decode():
        case "hash":
            client.hset(key, mapping=dict.fromkeys(client.hkeys(key), trap))
        case "set":
            client.sadd(key, trap)
        case "zset":
            client.zadd(key, {trap: 0})
        case "list" | "none" if key in {"default", "dry_runs"} or "celery" in key:
            client.lpush(key, _envelope(trap))
        case _:
            client.set(key, trap, px=_KEPT_MS)


def _envelope(trap: bytes) -> str:
    """Write a task as kombu does when somebody lets it pickle (kombu/transport/virtual/base.py)."""
    return json.dumps(
        {
            "body": base64.b64encode(trap).decode(),
            "content-type": "application/x-python-serialize",
            "content-encoding": "binary",
            "headers": {"task": "jobs.run", "id": "trap", "lang": "py"},
            "properties": {
                "body_encoding": "base64",
                "delivery_tag": "trap",
                "delivery_info": {"exchange": "", "routing_key": "default"},
            },
        }
    )
