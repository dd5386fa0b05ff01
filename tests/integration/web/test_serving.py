"""How the real web process starts, heals and ends."""

import os
import signal
import socket
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.integration.web.conftest import MakeWebsite
from tests.support.installation import Installation

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

SLOW = str(Path(__file__).with_name("slow_wsgi.py"))


def test_requests_in_flight_are_answered_before_it_ends(start_web: MakeWebsite) -> None:
    web = start_web(SLOW, WEB_CONCURRENCY="2")
    web.wait_until_up()
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(web.get("/slow"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.8)
    with closing(HTTPConnection("127.0.0.1", web.port)) as idle:
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        started = time.monotonic()
        for _ in range(3):
            web.process.send(signal.SIGTERM)
        assert web.process.wait() == 0
        assert time.monotonic() - started < 8
    for thread in threads:
        thread.join()
    assert answers == ["slow but sure"] * 6
    assert not web.is_up()


def test_a_request_that_outlasts_the_drain_is_cut(start_web: MakeWebsite) -> None:
    web = start_web(SLOW, WEB_DRAIN_SECONDS="0.5")
    web.wait_until_up()
    failures: list[Exception] = []

    def ask() -> None:
        try:
            web.get("/slow")
        except OSError as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.5)
    web.process.send(signal.SIGTERM)
    assert web.process.wait() == 0
    thread.join()
    assert len(failures) == 1


def test_a_killed_process_is_replaced_while_others_answer(start_web: MakeWebsite) -> None:
    web = start_web(WEB_CONCURRENCY="2")
    web.wait_until_up()
    web.process.wait_for(lambda: len(web.process.children()) == 2, "both processes ran")
    victim = web.process.children()[0]
    os.kill(victim, signal.SIGKILL)

    def is_replaced() -> bool:
        children = web.process.children()
        return len(children) == 2 and victim not in children

    web.process.wait_for(is_replaced, "a new one ran")
    web.process.wait_until_printed(f"web process {victim} ended with exit code -9")
    assert all(web.is_up() for _ in range(5))


def test_processes_end_with_a_killed_parent(start_web: MakeWebsite) -> None:
    web = start_web()
    web.wait_until_up()
    os.kill(web.process.pid, signal.SIGKILL)
    web.process.wait_for(lambda: not web.is_up(), "nobody answered any more")
    with socket.create_server(("127.0.0.1", web.port)) as freed:
        assert freed.getsockname() == ("127.0.0.1", web.port)


def test_processes_that_always_fail_end_the_parent_with_its_own_code(
    start_web: MakeWebsite, tmp_path: Path
) -> None:
    script = tmp_path / "failing.py"
    project = str(Path(SLOW).parents[3])
    lines = ("import sys", f"sys.path.insert(0, {project!r})", "import wsgi", "wsgi._serve = None")
    script.write_text("\n".join([*lines, "sys.exit(wsgi.main())"]))
    web = start_web(str(script))
    assert web.process.wait(40) == 70
    assert "giving up" in web.process.printed()


def test_a_port_in_use_is_one_sentence(start_web: MakeWebsite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        web = start_web(PORT=str(port))
        assert web.process.wait(40) == 69
    assert f"Port {port} on 127.0.0.1 is in use" in web.process.printed()
    assert "Traceback" not in web.process.printed()


def test_an_address_of_another_machine_is_one_sentence(start_web: MakeWebsite) -> None:
    web = start_web(HOST="192.0.2.1", PUBLIC_URL="https://panel.example")
    assert web.process.wait(40) == 69
    assert "cannot listen on 192.0.2.1" in web.process.printed()


def test_the_web_refuses_to_see_the_opening_key(start_web: MakeWebsite, installation: Installation) -> None:
    key = installation.key_file.read_text()
    web = start_web(TOKEN_OPENING_KEY=key)
    assert web.process.wait(40) == 78
    assert key not in web.process.printed()


def test_a_database_of_another_discord_is_refused_at_start(start_web: MakeWebsite) -> None:
    first = start_web()
    first.wait_until_up()
    first.process.send(signal.SIGTERM)
    assert first.process.wait() == 0
    other = start_web(DISCORD_API_BASE_URL="http://127.0.0.1:2/api/v10")
    assert other.process.wait(40) == 69
    assert "belongs to the Discord at http://127.0.0.1:1" in other.process.printed()
