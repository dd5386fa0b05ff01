import json
from uuid import UUID

import pytest

from socialcube.domain.bots import queries as bots
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.types import FieldKind
from socialcube.infra.control_bus import Topic
from tests.factories.guilds import make_channel, make_field, make_guild
from tests.unit.web.cli.conftest import ACTOR, add_bot
from tests.unit.web.conftest import Site


@pytest.fixture
def bot_id(site: Site) -> UUID:
    """Store Fern, in one server, with a field of each kind that a text can be taken for."""
    bot_id = add_bot(site)
    channels = (make_channel(external_id=41),)
    with site.unit() as uow:
        service.sync_guild(
            uow, bot_id, "discord", make_guild(external_id=31, name="Garden", channels=channels)
        )
        fields = [
            make_field(default="Hi"),
            make_field(FieldKind.NUMBER, key="limit"),
            make_field(FieldKind.YESNO, key="loud"),
        ]
        service.define_fields(uow, ACTOR, bot_id, version=0, fields=fields)
        uow.commit()
    return bot_id


def lines(output: str) -> dict[str, str]:
    pairs = [line.split(maxsplit=1) for line in output.splitlines()[1:]]
    return {key: value for key, value in pairs}  # noqa: C416 - each pair is a list of two


@pytest.mark.usefixtures("bot_id")
def test_list_says_where_a_bot_is_and_whether_something_is_set(site: Site) -> None:
    assert site.run("servers", "list", "Fern").output.split()[-3:] == ["31", "Garden", "default"]
    site.run("servers", "settings", "Fern", "31", "--locale", "de")
    row = json.loads(site.run("servers", "list", "Fern", "--json").output)
    assert row == {"id": "31", "name": "Garden", "settings": "set"}


def test_list_of_a_bot_that_is_nowhere_says_so(site: Site) -> None:
    add_bot(site)
    assert site.run("servers", "list", "Fern").output == "This bot is in no server yet.\n"


@pytest.mark.usefixtures("bot_id")
def test_settings_are_changed_as_named_and_shown(site: Site) -> None:
    shown = lines(site.run("servers", "settings", "Fern", "31").output)
    assert shown == {
        "locale": "en-US",
        "time_zone": "UTC",
        "log_channel": "none",
        "commands": "all",
        "welcome": "Hi",
        "limit": "not set",
        "loud": "not set",
    }
    changes = ["--time-zone", "Europe/Berlin", "--log-channel", "41", "--set", "limit=5", "--set", "loud=Yes"]
    shown = lines(site.run("servers", "settings", "Fern", "31", *changes).output)
    assert (shown["time_zone"], shown["log_channel"], shown["limit"], shown["loud"]) == (
        "Europe/Berlin",
        "41",
        "5",
        "yes",
    )
    assert Topic.GUILDS_CHANGED in site.bus.topics()
    shown = lines(
        site.run("servers", "settings", "Fern", "31", "--log-channel", "0", "--unset", "limit").output
    )
    assert (shown["log_channel"], shown["limit"], shown["loud"]) == ("none", "not set", "yes")


@pytest.mark.usefixtures("bot_id")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["31", "--set", "limit=many"], "limit: This must be a number."),
        (["31", "--set", "loud=maybe"], "loud: This must be yes or no."),
        (["31", "--set", "other=1"], "other: This bot has no such setting."),
        (["31", "--set", "limit"], "Write settings as KEY=VALUE"),
        (["31", "--time-zone", "Mars"], "There is no time zone of this name."),
        (["31", "--log-channel", "99"], "This server has no such channel."),
        (["99"], "It is in: Garden (31)."),
    ],
)
def test_what_cannot_be_set_says_why(site: Site, arguments: list[str], sentence: str) -> None:
    result = site.run("servers", "settings", "Fern", *arguments)
    assert result.exit_code != 0
    assert sentence in result.output


def test_a_value_keeps_while_its_field_is_gone(site: Site, bot_id: UUID) -> None:
    site.run("servers", "settings", "Fern", "31", "--set", "welcome=Moin")
    with site.unit() as uow:
        service.define_fields(uow, ACTOR, bot_id, version=1, fields=[])
        uow.commit()
    assert "welcome" not in lines(site.run("servers", "settings", "Fern", "31", "--locale", "de").output)
    with site.unit() as uow:
        [(_, stored)] = queries.list_settings(uow.session, bot_id)
    assert stored.values == {"welcome": "Moin"}


def test_edit_changes_what_is_named_and_leaves_the_rest(site: Site, bot_id: UUID) -> None:
    result = site.run("bots", "edit", "Fern", "--tag", "eu", "--tag", "Shop")
    assert result.output == "It is Fern now, with the tags eu, shop.\n"
    result = site.run("bots", "edit", "Fern", "--name", "Moss", "--description", "Quiet")
    assert result.output == "It is Moss now, with the tags eu, shop.\n"
    assert site.run("bots", "edit", "Moss", "--no-tags").output == "It is Moss now, without tags.\n"
    with site.unit() as uow:
        bot = bots.get_bot(uow.session, bot_id)
    assert (bot.name, bot.description, bot.tags) == ("Moss", "Quiet", ())
    assert site.run("bots", "edit", "Moss", "--no-tags", "--tag", "x").exit_code == 2
