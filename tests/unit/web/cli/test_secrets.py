from uuid import UUID

import pytest

from socialcube.domain.bot_secrets import queries
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind
from socialcube.domain.key_rotation.types import RotationOutcome
from socialcube.web.cli import secrets, waiting
from tests.factories.bots import make_bot
from tests.unit.web.conftest import Site

VALUE = "correct horse"


@pytest.fixture
def bot_id(site: Site) -> UUID:
    with site.unit() as uow:
        bot = make_bot(uow.session, name="Fern", sealed_token="old/one:x")
        uow.commit()
        return bot.id


def put(site: Site, *, value: str = f"{VALUE}\n", host: str = "api.example.com") -> str:
    result = site.run("secrets", "set", "Fern", "weather_key", "--host", host, typed=value)
    assert VALUE not in result.output
    return result.output


def test_a_secret_is_set_listed_and_destroyed(site: Site, bot_id: UUID) -> None:
    assert put(site) == "The secret weather_key is sealed.\n"
    listed = site.run("secrets", "list", "Fern").output
    assert "weather_key" in listed
    assert "api.example.com" in listed
    assert VALUE not in listed
    with site.services.shared.reads() as session:
        sealed = queries.get_sealed(session, bot_id, "weather_key").cell.sealed
    # The line break of the pipe does not belong to the value; the blank inside does.
    assert sealed.endswith(f":{VALUE[::-1]}")
    assert "destroyed" in site.run("secrets", "delete", "Fern", "weather_key").output
    assert site.run("secrets", "list", "Fern").output == "It has no secrets yet.\n"


@pytest.mark.usefixtures("bot_id")
def test_what_cannot_be_kept_is_refused_and_not_repeated(site: Site) -> None:
    assert "one line" in put(site, value=f"{VALUE}\r\nX-Evil: 1\n")
    assert "no host" in put(site, host="127.0.0.1")


@pytest.mark.usefixtures("bot_id")
def test_status_says_which_key_is_needed(site: Site) -> None:
    put(site)
    lines = [line.split() for line in site.run("secrets", "status").output.splitlines()]
    assert lines[1][:4] == ["fake", "0", "1", "newest:"]
    assert lines[2][:3] == ["old", "1", "0"]


@pytest.mark.usefixtures("bot_id")
@pytest.mark.parametrize("unreadable", [(), ("bots/1",)])
def test_rotate_waits_for_the_fleet_and_tells_what_it_did(
    site: Site, monkeypatch: pytest.MonkeyPatch, unreadable: tuple[str, ...]
) -> None:
    steps = iter([50, 100])

    def work(_seconds: float) -> None:
        percent = next(steps)
        with site.unit() as uow:
            job = jobs.find_latest(uow.session, JobKind.ROTATE_KEYS)
            assert job is not None
            job_service.claim(uow, job.id, "fleet:us")
            job_service.report_progress(uow, job.id, "fleet:us", percent)
            if percent == 100:
                job_service.finish(uow, job.id, "fleet:us", RotationOutcome("fake", 2, unreadable).to_json())
            uow.commit()

    monkeypatch.setattr(waiting, "sleep", work)
    result = site.run("secrets", "rotate")
    assert "50 %" in result.output
    assert "2 sealed to fake." in result.output
    assert result.exit_code == bool(unreadable)
    assert ("bots/1" in result.output) is bool(unreadable)


@pytest.mark.usefixtures("bot_id")
def test_rotate_without_a_runner_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_ROTATE_SECONDS", 0.0)
    result = site.run("secrets", "rotate")
    assert result.exit_code == 1
    assert "No bot runner answered" in result.output
