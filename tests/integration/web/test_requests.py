"""What one running web process answers."""

import sqlite3
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.support.website import Website

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
HOST = b"Host: 127.0.0.1\r\n"


def test_one_line_says_what_runs_where(shared_web: Website) -> None:
    lines = shared_web.process.printed().splitlines()
    (line,) = [line for line in lines if line.startswith("Social Cube ")]
    assert f"listening on 127.0.0.1 port {shared_web.port}, processes: 2" in line
    assert "Traceback" not in shared_web.process.printed()


def test_requests_are_logged_in_the_database_without_their_query(shared_web: Website) -> None:
    with pytest.raises(OSError, match="404"):
        shared_web.get("/logged?secret=1")

    def is_stored() -> bool:
        rows = shared_web.installation.rows("SELECT path FROM request_logs WHERE status = 404")
        return {"path": "/logged"} in rows

    shared_web.process.wait_for(is_stored, "the row was there")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"Accept: a\r\n Host: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X_Forwarded_For: 10.0.0.1\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length : 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_asvs_4_2_1_ambiguous_or_foreign_requests_get_400_and_a_closed_connection(
    shared_web: Website, head: bytes
) -> None:
    answer = shared_web.speak(head + SMUGGLED)
    assert answer.split(b"\r\n")[0].split()[1] == b"400"
    assert answer.count(b"HTTP/1.") == 1


def test_a_large_body_is_refused_before_it_is_sent(shared_web: Website) -> None:
    with closing(HTTPConnection("127.0.0.1", shared_web.port, timeout=20)) as connection:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(3 * 1024 * 1024))
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_locked_database_does_not_stop_other_requests(shared_web: Website) -> None:
    path = shared_web.installation.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # The writer of the request log now waits for the lock, in the same process.
        times = []
        for _ in range(20):
            started = time.monotonic()
            shared_web.get("/")
            times.append(time.monotonic() - started)
        other.execute("ROLLBACK")
    assert sorted(times)[15] < 0.5


def test_readiness_names_what_is_missing_here(shared_web: Website) -> None:
    answer = shared_web.speak(b"GET /readyz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"Redis does not answer" in answer
    assert b"No bot runner is alive" in answer
