from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.website import Website

MakeWebsite = Callable[..., Website]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with make_installation(tmp_path) as installation:
        yield installation


@pytest.fixture
def start_web(installation: Installation) -> Iterator[MakeWebsite]:
    """Start `wsgi.py`, or another script that serves; it ends with the test."""
    started: list[Website] = []

    def start(script: str = "wsgi.py", **environment: str) -> Website:
        log = installation.folder / f"web{len(started)}.log"
        started.append(Website(installation, script, log, **environment))
        return started[-1]

    yield start
    for web in started:
        web.process.kill()


@pytest.fixture(scope="module")
def shared_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """Give one running web to the tests that change nothing about it."""
    folder = tmp_path_factory.mktemp("web")
    with make_installation(folder) as installation:
        web = Website(installation, "wsgi.py", folder / "web.log", WEB_CONCURRENCY="2")
        with web.process:
            web.wait_until_up()
            yield web


def make_installation(folder: Path) -> Installation:
    """Make an installation on SQLite, without Redis and Discord."""
    return Installation(folder, f"sqlite:///{folder}/socialcube.db", "http://127.0.0.1:1/api/v10")
