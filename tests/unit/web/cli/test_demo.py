from collections.abc import Callable, Iterable

import pytest

from socialcube.domain.bots import queries
from socialcube.domain.bots.types import BotView, DesiredState
from socialcube.domain.commands import queries as commands
from socialcube.infra.sandbox_door import SandboxAwayError, SandboxBot
from socialcube.kernel.secrets import Secret
from socialcube.web.cli import demo
from socialcube.web.cli.demo import people
from tests.factories.bots import make_identity
from tests.factories.settings import SANDBOX
from tests.unit.web.conftest import MakeSite, Site

Offer = Callable[..., None]
NAMES = {5001: "Greenhouse", 5002: "Rollcall", 5003: "Tavern", 5009: "Stranger"}


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(**SANDBOX)


@pytest.fixture
def offer(site: Site, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Let the sandbox have these bots, with tokens of that end."""

    def offer(suffix: str = "1111", ids: Iterable[int] = NAMES) -> None:
        bots = [SandboxBot(key, NAMES[key], Secret(f"{key}-{suffix}")) for key in ids]
        for bot in bots:
            site.directory.identities[bot.token.reveal()] = make_identity(name=bot.name, external_id=bot.id)
        monkeypatch.setattr(demo, "list_bots", lambda _: bots)

    return offer


def views(site: Site) -> list[BotView]:
    with site.services.shared.reads() as session:
        return queries.list_bots(session)


def test_seed_adds_three_bots_with_live_commands_and_starts_them(site: Site, offer: Offer) -> None:
    offer()
    assert site.run("demo", "seed").exit_code == 0
    assert [bot.name for bot in views(site)] == ["Greenhouse", "Rollcall", "Tavern"]
    with site.services.shared.reads() as session:
        for bot in views(site):
            assert bot.desired_state is DesiredState.RUNNING
            names = {command.name for command in commands.list_published(session, bot.id)}
            assert "hello" in names
            assert 2 <= len(names) <= 3


def test_seed_again_changes_nothing(site: Site, offer: Offer) -> None:
    offer()
    site.run("demo", "seed")
    site.run("bots", "stop", "Tavern")
    before = views(site)
    result = site.run("demo", "seed")
    assert result.output.count("is here already") == 3 + len(people.PEOPLE)
    assert views(site) == before


def test_seed_gives_a_bot_the_new_token_of_a_reset_sandbox(site: Site, offer: Offer) -> None:
    offer(ids=[5001])
    site.run("demo", "seed")
    offer(suffix="2222", ids=[5001])
    assert "new token" in site.run("demo", "seed").output
    assert views(site)[0].token_last4 == "2222"


def test_seed_is_refused_where_there_is_no_sandbox(make_site: MakeSite) -> None:
    result = make_site().run("demo", "seed")
    assert result.exit_code == 1
    assert "for the sandbox only" in result.stderr


def test_seed_says_when_the_sandbox_is_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def be_away(_: object) -> list[SandboxBot]:
        raise SandboxAwayError(port=15001, reason="ConnectionError")

    monkeypatch.setattr(demo, "list_bots", be_away)
    result = site.run("demo", "seed")
    assert result.exit_code == 1
    assert "python -m socialcube.sandbox" in result.stderr


def test_bot_prints_its_token_alone_so_that_it_can_be_piped(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SandboxBot(6001, "Breaker", Secret("6001-brand-new"))
    asked = []

    def create(_: object, name: str) -> tuple[SandboxBot, list[str]]:
        asked.append(name)
        return made, ["Fern Street", "Harbor Club"]

    monkeypatch.setattr(demo, "create_bot", create)
    site.directory.identities["6001-brand-new"] = make_identity(name="Breaker", external_id=6001)
    result = site.run("demo", "bot", " Breaker ")
    assert result.stdout == "6001-brand-new\n"
    assert "Fern Street, Harbor Club" in result.stderr
    assert asked == ["Breaker"]
    assert site.run("bots", "create", typed=result.stdout).exit_code == 0
    assert [bot.name for bot in views(site)] == ["Breaker"]


def test_bot_is_refused_where_there_is_no_sandbox(make_site: MakeSite) -> None:
    result = make_site().run("demo", "bot", "Breaker")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "for the sandbox only" in result.stderr


@pytest.mark.parametrize("name", [" ", "x" * 33])
def test_bot_needs_a_name_that_discord_takes(site: Site, name: str) -> None:
    result = site.run("demo", "bot", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "1 to 32 characters" in result.stderr
