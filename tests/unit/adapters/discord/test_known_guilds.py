import pytest

from socialcube.adapters.discord.known_guilds import KnownGuilds


def test_servers_of_an_earlier_process_are_known_by_name() -> None:
    known = KnownGuilds({1: "Fern Street"})
    assert known.ids == {1}
    assert len(known) == 1
    assert (known.name_of(1), known.name_of(2), known.name_of(None)) == ("Fern Street", "", "")


def test_ready_says_which_servers_there_are_and_keeps_the_names_that_were_known() -> None:
    known = KnownGuilds({1: "Fern Street", 2: "Harbor"})
    known.take("READY", {"guilds": [{"id": "2", "unavailable": True}, {"id": "3", "unavailable": True}]})
    assert known.ids == {2, 3}
    assert (known.name_of(2), known.name_of(3)) == ("Harbor", "")


def test_servers_come_go_and_change_their_names() -> None:
    known = KnownGuilds({})
    known.take("GUILD_CREATE", {"id": "1", "name": "Fern"})
    known.take("GUILD_UPDATE", {"id": "1", "name": "Fern Street"})
    known.take("GUILD_CREATE", {"id": "2", "unavailable": True})
    assert [known.name_of(key) for key in (1, 2)] == ["Fern Street", ""]
    known.take("GUILD_DELETE", {"id": "1", "unavailable": True})
    known.take("GUILD_DELETE", {"id": "2"})
    assert known.ids == {1}


def test_other_events_say_nothing_about_servers() -> None:
    known = KnownGuilds({1: "Fern"})
    known.take("CHANNEL_CREATE", {"id": "9", "guild_id": "1"})
    assert known.ids == {1}


@pytest.mark.parametrize("data", [{}, {"id": "x"}, None])
def test_broken_event_raises(data: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        KnownGuilds({}).take("GUILD_CREATE", data)
