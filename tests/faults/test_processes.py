"""A process dies without warning, and all is well again without anybody's help."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.system import System

pytestmark = [pytest.mark.processes, pytest.mark.postgres, pytest.mark.timeout(600)]


def test_bots_of_a_killed_runner_come_back_on_another_one(system: System) -> None:
    bot = system.control.bots()["Greenhouse"]
    before = len(system.command_rows(at_least=0))
    system.start("bots.2")
    system.wait(lambda: "Runner" in system.log("bots.2"), "the second runner is up")
    assert system.use("hello", bot.id) == "Hello mara!"
    system.command_rows(at_least=before + 1)

    system.kill("bots")
    system.wait(lambda: system.control.sessions(bot.id, connected=True), "the bot is back", seconds=60)

    assert system.use("hello", bot.id) == "Hello mara!"
    assert len(system.control.sessions(bot.id, connected=True)) == 1
    assert len(system.command_rows(at_least=before + 2)) == before + 2

    system.start("bots")
    system.kill("bots.2")
    system.wait(lambda: system.control.sessions(bot.id, connected=True), "the bot is back", seconds=60)


def test_runner_that_died_alone_takes_its_bots_back_when_it_starts_again(system: System) -> None:
    bot = system.control.bots()["Greenhouse"]
    system.kill("bots")
    system.start("bots")
    system.wait(lambda: system.control.sessions(bot.id, connected=True), "the bot is back", seconds=60)
    assert system.use("hello", bot.id) == "Hello mara!"


def test_commands_are_answered_and_logged_while_redis_is_away_and_jobs_run_after(system: System) -> None:
    bot = system.control.bots()["Greenhouse"]
    before = len(system.command_rows(at_least=0))
    system.kill("redis")
    assert system.use("hello", bot.id) == "Hello mara!"
    assert len(system.command_rows(at_least=before + 1)) == before + 1
    status, body = system.get("/readyz")
    assert status == 503
    assert "redis" in body.lower()
    assert system.get("/healthz")[0] == 200

    system.start("redis")
    system.wait_ready()
    # Celery waits a little longer before each try to reach Redis again.
    tries = ("commands", "try", "Greenhouse", "hello")
    system.wait(lambda: "Hello" in system.flask(*tries).stdout, "jobs run again", seconds=180)


def test_job_asked_while_no_worker_lives_is_done_by_the_next_one(system: System) -> None:
    system.kill("worker")
    with ThreadPoolExecutor(1) as person:
        answer = person.submit(system.flask_ok, "commands", "try", "Greenhouse", "hello")
        system.wait(lambda: "queued" in system.flask_ok("jobs", "list"), "the job waits")
        system.start("worker")
        assert "Hello" in answer.result()
