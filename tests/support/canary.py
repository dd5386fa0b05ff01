"""Looks for a text in every place where an installation could have left it."""

import itertools
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import redis
import requests

from tests.support.system import MARA, System

_TICKET: Final = re.compile(r'name="ticket" value="([0-9a-f]+)"')
_PATIENCE_SECONDS: Final = 30.0
_DISCORDS_OWN: Final = "sandbox"
"""Files of the sandbox: Discord knows its own tokens, and we do not search there."""


class RedisWitness:
    """Keeps every command that any process sends to Redis, pub/sub and scripts included.

    A value that lives for a moment is in no key when the test looks; here it is.
    """

    def __init__(self, path: Path) -> None:
        self._lines: list[str] = []
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def lines(self) -> list[str]:
        """Give what was sent until now: a last command of our own marks where that is."""
        mark = uuid4().hex
        with closing(redis.Redis(unix_socket_path=self._path)) as client:
            client.echo(mark)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not any(mark in line for line in self._lines[-1000:]):
            assert self._thread.is_alive(), "the witness is gone"
            assert time.monotonic() < deadline, "the witness hears nothing"
            time.sleep(0.05)
        return list(self._lines)

    def __enter__(self) -> Self:
        self._socket.connect(self._path)
        self._socket.sendall(b"MONITOR\r\n")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        # As text of ASCII: Redis escapes all else in what it tells a monitor.
        with self._socket.makefile("r", encoding="ascii", errors="replace") as lines:
            self._lines.extend(lines)


@dataclass
class Browser:
    """A person's browser that keeps whatever it was ever answered: bodies, headers and addresses."""

    url: str
    client: requests.Session = field(default_factory=requests.Session)
    answers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET a path of the panel, or a whole address."""
        return self._keep(self.client.get(self._address(path), timeout=60, **options))

    def post(self, path: str, **form: str) -> requests.Response:
        """Send a form with the token that pages carry, and follow to where it leads."""
        data = {"csrf_token": self._csrf(), **form}
        address = self._address(path)
        return self._keep(self.client.post(address, data=data, headers={"Referer": self.url}, timeout=60))

    def crawl(self, start: str, most: int) -> None:
        """Open every page that links lead to."""
        waiting = [start]
        seen: set[str] = set()
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            if path in seen or any(word in path for word in ("logout", "sign-out", "/static/")):
                continue
            seen.add(path)
            answer = self.get(path)
            if "text/html" in answer.headers.get("Content-Type", ""):
                waiting += _links(answer.text)

    def _csrf(self) -> str:
        page = self.client.get(f"{self.url}/admin/", timeout=60).text
        return page.partition('name="csrf-token" content="')[2].partition('"')[0]

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    def _keep(self, answer: requests.Response) -> requests.Response:
        for each in (*answer.history, answer):
            key = f"{len(self.answers)} {each.request.method} {each.request.path_url}"
            self.answers[key] = f"{each.status_code} {each.headers} {each.text}"
        return answer


def sign_in(browser: Browser, system: System) -> None:
    """Sign Mara in through the consent page, as people do."""
    answer = come_back(browser, system, leave(browser))
    assert answer.url.startswith(f"{browser.url}/"), answer.url


def leave(browser: Browser) -> str:
    """Go to the consent page. Gives what it needs to let the person come back."""
    page = browser.get("/login/discord")
    ticket = _TICKET.search(page.text)
    assert ticket is not None, page.text
    return ticket[1]


def come_back(browser: Browser, system: System, ticket: str) -> requests.Response:
    """Agree on the consent page as Mara. Gives where the panel leads."""
    consent = f"http://127.0.0.1:{system.ports['sandbox']}/oauth2/authorize"
    return browser.client.post(consent, data={"ticket": ticket, "person": MARA}, timeout=60)


def find_places(
    needle: str | re.Pattern[bytes], system: System, browser: Browser, witness: RedisWitness
) -> set[str]:
    """Give every place that holds a text or fits a pattern: `file:…`, `redis:…`, `environ:…`, `answer:…`."""
    pattern = re.compile(re.escape(needle.encode())) if isinstance(needle, str) else needle
    everything = itertools.chain(
        (("file", name, data) for name, data in _files(system.folder)),
        (("redis", name, data) for name, data in _redis_values(system.var / "redis.sock")),
        (("redis", "commands", line.encode()) for line in witness.lines),
        (("environ", name, data) for name, data in _environments(system)),
        (("answer", name, text.encode()) for name, text in browser.answers.items()),
    )
    return {f"{kind}:{name}" for kind, name, data in everything if pattern.search(data)}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file: the database with its write-ahead log, journals, logs, pictures, locks."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(_DISCORDS_OWN):
            yield str(path.relative_to(folder)), path.read_bytes()


def _redis_values(path: Path) -> Iterator[tuple[str, bytes]]:
    client = redis.Redis(unix_socket_path=str(path))
    for key in client.scan_iter():
        yield key.decode(errors="replace"), key + repr(_read(client, key)).encode()
    client.close()


def _read(client: Any, key: bytes) -> object:
    match client.type(key).decode():
        case "string":
            return client.get(key)
        case "hash":
            return client.hgetall(key)
        case "list":
            return client.lrange(key, 0, -1)
        case "set":
            return client.smembers(key)
        case "zset":
            return client.zrange(key, 0, -1, withscores=True)
        case _:
            return client.dump(key)


def _environments(system: System) -> Iterator[tuple[str, bytes]]:
    """Give environment and command line of web, worker and beat, with their forks."""
    for name in ("web", "worker", "beat"):
        for pid in _family(system.pid(name)):
            for file in ("environ", "cmdline"):
                yield f"{name} {file}", Path(f"/proc/{pid}/{file}").read_bytes()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _links(page: str) -> list[str]:
    parts = page.split('href="')[1:]
    targets = (part.partition('"')[0].partition("#")[0].replace("&amp;", "&") for part in parts)
    return [target for target in targets if target.startswith("/") and not target.startswith("//")]
