import json

import pytest

from socialcube.domain.bots.queries import get_bot
from socialcube.domain.commands import queries
from socialcube.infra.control_bus import Topic
from tests.unit.web.cli.conftest import HELLO, add_bot, add_command
from tests.unit.web.conftest import Site


@pytest.fixture
def shop(site: Site) -> Site:
    """Give a bot with /hello, live in its second version, and /bye, live in its first."""
    bot_id = add_bot(site)
    add_command(site, bot_id, publish=True)
    add_command(site, bot_id, publish=True, source=HELLO.replace("Hello {{", "Hi {{"))
    add_command(site, bot_id, publish=True, source=HELLO.replace("hello", "bye"))
    site.bus.sent.clear()
    return site


def live(site: Site) -> list[tuple[str, int]]:
    with site.services.shared.reads() as session:
        bot = get_bot(session, "Fern")
        return sorted((item.name, item.version) for item in queries.list_published(session, bot.id))


def test_off_and_on_switch_what_is_live(shop: Site) -> None:
    assert shop.run("commands", "off", "Fern", "hello", "bye").output == "/hello is off.\n/bye is off.\n"
    assert live(shop) == []
    assert "Off" in shop.run("commands", "list", "Fern").output
    assert shop.run("commands", "on", "Fern", "hello").output == "/hello is on.\n"
    assert live(shop) == [("hello", 2)]
    assert set(shop.bus.topics()) == {Topic.COMMANDS_CHANGED}


def test_one_unknown_name_among_several_changes_nothing(shop: Site) -> None:
    result = shop.run("commands", "off", "Fern", "hello", "nothing")
    assert result.exit_code == 1
    assert "no command nothing" in result.stderr
    assert live(shop) == [("bye", 1), ("hello", 2)]


def test_rollback_makes_an_earlier_version_live(shop: Site) -> None:
    assert shop.run("commands", "rollback", "Fern", "hello", "1").output == "/hello is live as version 1.\n"
    assert live(shop) == [("bye", 1), ("hello", 1)]
    assert shop.bus.topics() == [Topic.COMMANDS_CHANGED]


def test_rollback_of_a_command_that_is_off_says_so(shop: Site) -> None:
    shop.run("commands", "off", "Fern", "hello")
    assert "is off. Switch it on" in shop.run("commands", "rollback", "Fern", "hello", "1").output
    assert live(shop) == [("bye", 1)]


@pytest.mark.parametrize(("version", "code"), [("3", 1), ("0", 2), ("99999999999", 2)])
def test_rollback_to_a_version_that_never_was_is_refused(shop: Site, version: str, code: int) -> None:
    result = shop.run("commands", "rollback", "Fern", "hello", version)
    assert result.exit_code == code
    assert live(shop) == [("bye", 1), ("hello", 2)]


def test_history_lists_versions_and_marks_the_live_one(shop: Site) -> None:
    lines = shop.run("commands", "history", "Fern", "hello").output.splitlines()
    assert lines[0].split() == ["VERSION", "LIVE", "PUBLISHED", "BY", "NOTE"]
    assert lines[1].split()[:2] == ["2", "live"]
    assert lines[2].split()[0] == "1"
    assert "live" not in lines[2]
    rows = shop.run("commands", "history", "Fern", "hello", "--json").output.splitlines()
    assert [json.loads(row)["version"] for row in rows] == [2, 1]


def test_history_of_a_draft_says_that_it_has_none(shop: Site) -> None:
    with shop.services.shared.reads() as session:
        bot_id = get_bot(session, "Fern").id
    add_command(shop, bot_id, source=HELLO.replace("hello", "draft"))
    assert shop.run("commands", "history", "Fern", "draft").output == "/draft was never published.\n"


def test_delete_asks_for_the_name(shop: Site) -> None:
    refused = shop.run("commands", "delete", "Fern", "hello", typed="Hello\n")
    assert refused.exit_code == 1
    assert live(shop) == [("bye", 1), ("hello", 2)]
    assert shop.run("commands", "delete", "Fern", "hello", typed="hello\n").exit_code == 0
    assert shop.run("commands", "delete", "Fern", "bye", "--confirm", "bye").output == "/bye is gone.\n"
    assert "no commands yet" in shop.run("commands", "list", "Fern").output


def test_delete_of_an_unknown_command_is_refused_before_asking(shop: Site) -> None:
    result = shop.run("commands", "delete", "Fern", "nothing")
    assert result.exit_code == 1
    assert "no command nothing" in result.stderr
    assert "Type" not in result.output
