import json
from uuid import UUID

import pytest

from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import PlatformUnavailableError, TokenRefusedError
from socialcube.domain.bots.types import BotView, DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.domain.placements import service as placements
from socialcube.infra.control_bus import Topic
from socialcube.web.cli import waiting
from tests.factories.bots import make_identity, make_observation
from tests.unit.web.cli.conftest import add_bot, add_command
from tests.unit.web.conftest import Site

TOKEN = "brand-new-token-9876"


@pytest.fixture
def known(site: Site) -> Site:
    site.directory.identities[TOKEN] = make_identity(name="Fern", description="Grows", guild_count=3)
    return site


def list_all(site: Site) -> list[BotView]:
    with site.services.shared.reads() as session:
        return queries.list_bots(session)


def start_runner(site: Site) -> UUID:
    with site.unit() as uow:
        runner = placements.register_runner(uow, host="here", pid=1, lock_path="/nowhere/lock")
        uow.commit()
    return runner


def bring_online(site: Site, bot_id: UUID) -> None:
    with site.unit() as uow:
        seen = make_observation(
            bot_id=bot_id, process=ProcessState.RUNNING, gateway=GatewayState.CONNECTED, guild_count=3
        )
        service.observe(uow, seen)
        uow.commit()


def test_create_stores_the_bot_of_the_token(known: Site) -> None:
    result = known.run("bots", "create", typed=f" Bot {TOKEN}\n")
    assert result.exit_code == 0
    assert result.output == "Fern is here. It is in 3 servers.\n"
    (bot,) = list_all(known)
    assert (bot.name, bot.description, bot.token_last4) == ("Fern", "Grows", "9876")
    assert bot.desired_state is DesiredState.STOPPED
    assert known.bus.topics() == [Topic.BOTS_CHANGED]


def test_create_takes_name_and_description(known: Site) -> None:
    known.run("bots", "create", "--name", "Moss", "--description", "Quiet", typed=TOKEN)
    (bot,) = list_all(known)
    assert (bot.name, bot.description) == ("Moss", "Quiet")


def test_create_never_shows_the_token(known: Site) -> None:
    assert TOKEN not in known.run("bots", "create", typed=TOKEN).output


@pytest.mark.parametrize("typed", ["", "  \n"])
def test_create_without_a_token_says_how_to_give_one(known: Site, typed: str) -> None:
    result = known.run("bots", "create", typed=typed)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: No token was given.")
    assert list_all(known) == []


@pytest.mark.parametrize(
    "typed", [b"x" * 501, b"\xff\x00\x9d~" * 25_000, b"two\nlines", b"gr\xc3\xbcn", b"\0" * 9]
)
def test_create_with_something_else_says_that_it_is_no_token(known: Site, typed: bytes) -> None:
    result = known.run("bots", "create", typed=typed)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: This is not a token. Copy it from")
    assert list_all(known) == []


def test_create_counts_one_server_in_the_singular(known: Site) -> None:
    known.directory.identities[TOKEN] = make_identity(name="Fern", guild_count=1)
    assert known.run("bots", "create", typed=TOKEN).output == "Fern is here. It is in 1 server.\n"


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (TokenRefusedError(), "Discord does not accept this token."),
        (PlatformUnavailableError(reason="it did not answer in time"), "it did not answer in time"),
    ],
)
def test_create_says_what_discord_says(known: Site, failure: Exception, sentence: str) -> None:
    known.directory.failure = failure
    result = known.run("bots", "create", typed=TOKEN)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert list_all(known) == []


def test_create_of_a_bot_that_is_here_changes_nothing(known: Site) -> None:
    known.run("bots", "create", typed=TOKEN)
    result = known.run("bots", "create", "--start", typed=TOKEN)
    assert result.exit_code == 1
    assert "here already" in result.stderr
    assert [bot.desired_state for bot in list_all(known)] == [DesiredState.STOPPED]


def test_create_and_start_waits_until_it_is_online(known: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    start_runner(known)
    steps = iter([ProcessState.STARTING, ProcessState.RUNNING])

    def look_later(seconds: float) -> None:
        known.clock.advance(seconds)
        (bot,) = list_all(known)
        with known.unit() as uow:
            process = next(steps)
            gateway = GatewayState.CONNECTED if process is ProcessState.RUNNING else GatewayState.CONNECTING
            service.observe(uow, make_observation(bot_id=bot.id, process=process, gateway=gateway))
            uow.commit()

    monkeypatch.setattr(waiting, "sleep", look_later)
    result = known.run("bots", "create", "--start", typed=TOKEN)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Fern is here. It is in 3 servers."
    assert lines[1].startswith("Starting.")
    assert lines[-1] == "Online."


def test_create_and_start_tells_why_a_bot_was_held(known: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(seconds: float) -> None:
        known.clock.advance(seconds)
        (bot,) = list_all(known)
        with known.unit() as uow:
            service.hold(uow, bot.id, bot.generation, reason=Reason.TOKEN_INVALID, epoch=1)
            uow.commit()

    monkeypatch.setattr(waiting, "sleep", refuse)
    result = known.run("bots", "create", "--start", typed=TOKEN)
    assert result.exit_code == 1
    assert "Fern did not start. Discord does not accept its token any more." in result.stderr


def test_create_and_start_without_a_runner_says_how_to_start_one(known: Site) -> None:
    result = known.run("bots", "create", "--start", typed=TOKEN)
    assert result.exit_code == 1
    assert "not online after 60 seconds: no bot runner is alive" in result.stderr
    assert "python bot_runner.py" in result.stderr


def test_an_empty_list_says_what_to_do(site: Site) -> None:
    assert "bots create --start" in site.run("bots", "list").output


def test_list_shows_state_servers_and_live_commands(site: Site) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id, publish=True)
    lines = site.run("bots", "list").output.splitlines()
    assert lines[0].split() == ["NAME", "STATE", "SERVERS", "COMMANDS", "WHY"]
    assert lines[1].split()[:4] == ["Fern", "Stopped", "?", "1"]


def test_list_believes_a_sight_only_while_its_runner_lives(site: Site) -> None:
    bot_id = add_bot(site)
    runner = start_runner(site)
    site.run("bots", "start", "Fern")
    with site.unit() as uow:
        seen = make_observation(
            bot_id=bot_id, process=ProcessState.RUNNING, gateway=GatewayState.CONNECTED, runner_id=runner
        )
        service.observe(uow, seen)
        uow.commit()
    assert "Online" in site.run("bots", "list").output
    with site.unit() as uow:
        placements.retire_runner(uow, runner)
        uow.commit()
    assert "No runner holds this bot" in site.run("bots", "list").output


def test_list_as_json_is_one_object_a_line(site: Site) -> None:
    bot_id = add_bot(site)
    add_bot(site, "Moss", external_id=78)
    rows = [json.loads(line) for line in site.run("bots", "list", "--json").output.splitlines()]
    assert [row["name"] for row in rows] == ["Fern", "Moss"]
    assert rows[0]["id"] == str(bot_id)
    assert rows[0]["state"] == "Stopped"


def test_a_name_cannot_drive_the_terminal(site: Site) -> None:
    add_bot(site, "Fern\u202eoops")
    assert "\u202e" not in site.run("bots", "list").output


def test_start_and_stop_change_the_wish(site: Site) -> None:
    add_bot(site)
    assert site.run("bots", "start", "Fern").output == "Fern will start.\n"
    assert list_all(site)[0].desired_state is DesiredState.RUNNING
    assert site.run("bots", "stop", "Fern").output == "Fern will stop.\n"
    assert list_all(site)[0].desired_state is DesiredState.STOPPED


def test_restart_is_a_new_wish(site: Site) -> None:
    add_bot(site)
    before = list_all(site)[0].generation
    assert site.run("bots", "restart", "Fern").exit_code == 0
    assert list_all(site)[0].generation == before + 1


def test_refresh_asks_the_bots_runner(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bot_id = add_bot(site)

    def work(seconds: float) -> None:
        site.clock.advance(seconds)
        with site.unit() as uow:
            (job,) = jobs.list_recent(uow.session)
            assert (job.kind, job.target) == (JobKind.REFRESH_BOT, fleet_target(bot_id))
            if job_service.claim(uow, job.id, "tests"):
                job_service.finish(uow, job.id, "tests", {"guilds": 4})
            uow.commit()

    monkeypatch.setattr(waiting, "sleep", work)
    assert site.run("bots", "refresh", "Fern").output == "Fern looks again. It is in 4 servers.\n"
    assert Topic.JOBS_ASKED in site.bus.topics()


def test_refresh_that_nobody_answers_says_what_to_look_at(site: Site) -> None:
    add_bot(site)
    result = site.run("bots", "refresh", "Fern")
    assert result.exit_code == 1
    assert "Is the bot online?" in result.stderr


def test_an_unknown_name_among_several_changes_nothing_after_it(site: Site) -> None:
    add_bot(site)
    result = site.run("bots", "start", "Nobody", "Fern")
    assert result.exit_code == 1
    assert "no bot Nobody" in result.stderr
    assert list_all(site)[0].desired_state is DesiredState.STOPPED


def test_a_new_token_is_taken_for_the_same_application(site: Site) -> None:
    add_bot(site)
    site.directory.identities["other-5555"] = make_identity(name="Fern", external_id=77)
    result = site.run("bots", "token", "Fern", typed="other-5555")
    assert result.output == "Fern has its new token.\n"
    assert list_all(site)[0].token_last4 == "5555"


def test_a_token_of_another_application_is_refused(site: Site) -> None:
    add_bot(site)
    site.directory.identities["other-5555"] = make_identity(name="Moss", external_id=99)
    result = site.run("bots", "token", "Fern", typed="other-5555")
    assert result.exit_code == 1
    assert "belongs to another bot, Moss" in result.stderr
    assert list_all(site)[0].token_last4 == "1234"


def test_delete_asks_for_the_name(site: Site) -> None:
    add_bot(site)
    refused = site.run("bots", "delete", "Fern", typed="fern\n")
    assert refused.exit_code == 1
    assert len(list_all(site)) == 1
    done = site.run("bots", "delete", "Fern", typed="Fern\n")
    assert done.exit_code == 0
    assert list_all(site) == []


def test_delete_takes_the_name_as_an_option_for_scripts(site: Site) -> None:
    add_bot(site)
    assert site.run("bots", "delete", "Fern", "--confirm", "Fern").exit_code == 0
    assert list_all(site) == []
