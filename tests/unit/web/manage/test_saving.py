"""What a server's manager can set, and what becomes of what was typed when it cannot be saved."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from socialcube.domain.access.types import Actor
from socialcube.domain.audit import queries as audit
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.types import GuildSettings
from socialcube.domain.jobs import queries as jobs
from socialcube.kernel.ids import new_id
from socialcube.web.manage import settings
from tests.factories.commands import store_command
from tests.unit.web.manage.conftest import DECK, GARDEN, HARBOR, NEWS, TESTS, Place


def send(place: Place, url: str = "", **changes: Any) -> TestResponse:
    typed = {
        "version": "0",
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "log_channel_id": str(NEWS),
        "own_welcome": "Hello there",
        "own_where": "",
    }
    return place.client.post(url or place.url, data=typed | changes)


def stored(place: Place, bot_id: UUID | None = None) -> GuildSettings:
    with place.site.unit() as uow:
        return queries.get_settings(uow.session, bot_id or place.bot_id, place.guild_id)


def test_a_manager_saves_and_the_change_has_an_author(place: Place) -> None:
    place.note()
    answer = send(place)
    assert (answer.status_code, answer.location) == (303, place.url)
    assert "Your changes were saved." in place.client.get(place.url).text
    kept = stored(place)
    assert (kept.locale, kept.log_channel_id, kept.values) == ("de", NEWS, {"welcome": "Hello there"})
    with place.site.unit() as uow:
        entry = next(item for item in audit.list_recent(uow.session) if item.action == "guild.settings")
    assert entry.actor == f"user:{place.client.person.user.id}"


def test_the_form_offers_what_the_owner_asks_and_this_server_has(place: Place) -> None:
    place.note()
    page = place.client.get(place.url).text
    for text in ("The welcome", "#news", "Language", "Time zone"):
        assert text in page
    for text in ("#deck", "Switched off here", "/admin/bots"):
        assert text not in page


@pytest.mark.parametrize("field", ["log_channel_id", "own_where"])
def test_another_servers_channel_cannot_be_picked(place: Place, field: str) -> None:
    place.note()
    answer = send(place, **{field: str(DECK)})
    assert answer.status_code == 422
    assert stored(place).version == 0


def test_what_is_wrong_is_told_at_its_field_and_stays_typed(place: Place) -> None:
    place.note()
    answer = send(place, own_welcome="", time_zone="Mars/Olympus")
    assert answer.status_code == 422
    assert "Not saved" in answer.text
    assert '<option selected value="de">' in answer.text
    assert stored(place).version == 0


def test_a_conflict_shows_both_values(place: Place) -> None:
    place.note()
    with place.site.unit() as uow:
        service.edit_settings(
            uow, TESTS, place.bot_id, place.guild_id, version=0, values={"welcome": "From the panel"}
        )
        uow.commit()
    answer = send(place)
    assert answer.status_code == 409
    for text in ("From the panel", "Hello there", "Saved meanwhile"):
        assert text in answer.text
    assert send(place, version="1").status_code == 303
    assert stored(place).values == {"welcome": "Hello there"}


def test_a_check_that_is_too_old_is_made_again_and_nothing_typed_is_lost(place: Place) -> None:
    place.note(age=301)
    held = send(place, own_welcome='<b>"Hi"</b>')
    assert held.status_code == 200
    assert stored(place).version == 0
    assert 'data-kept="yes"' in held.text
    assert f'data-waits="/manage/{GARDEN}/check"' in held.text
    assert "&lt;b&gt;&#34;Hi&#34;&lt;/b&gt;" in held.text
    with place.site.unit() as uow:
        assert len(jobs.list_recent(uow.session)) == 1
    # Sending it again while Discord is asked holds it again, and asks nobody twice.
    assert 'data-kept="yes"' in send(place).text
    with place.site.unit() as uow:
        assert len(jobs.list_recent(uow.session)) == 1
    place.note()
    assert send(place).status_code == 303


def test_who_is_no_manager_any_more_saves_nothing_and_can_copy_what_was_typed(place: Place) -> None:
    place.note(age=301)
    send(place)
    place.note(manages=False)
    place.site.clock.advance(31)
    answer = send(place)
    assert answer.status_code in {404, 503}
    assert "Hello there" in answer.text
    assert "was not saved" in answer.text
    assert stored(place).version == 0


def test_asking_once_more_keeps_what_was_typed(place: Place) -> None:
    send(place)
    place.site.clock.advance(11)
    refused = send(place)
    assert refused.status_code == 404
    again = send(place, again="yes")
    assert again.status_code == 200
    assert "Hello there" in again.text
    assert 'name="again"' not in again.text


def test_a_refused_change_is_written_down(place: Place) -> None:
    send(place)
    place.site.clock.advance(11)
    send(place)
    with place.site.unit() as uow:
        [entry] = [item for item in audit.list_recent(uow.session) if item.action == "access.denied"]
    assert entry.after == {"permission": "guild.edit"}
    assert entry.subject_id == str(GARDEN)


def test_the_right_is_looked_up_again_in_the_save_itself(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.note()

    def and_then_closed(found: Any, bot_id: UUID) -> Any:
        place.open_up(is_open=False)
        return real(found, bot_id)

    real = settings._find_bot
    monkeypatch.setattr(settings, "_find_bot", and_then_closed)
    answer = send(place)
    assert answer.status_code == 200
    assert "Hello there" in answer.text
    assert stored(place).version == 0


@pytest.mark.parametrize("which", ["closed", "foreign", "absent"])
def test_a_bot_that_does_not_let_managers_in_looks_like_none(place: Place, which: str) -> None:
    place.note()
    bots = {
        "closed": lambda: place.add_bot("Clover"),
        "foreign": lambda: place.add_bot("Sage", HARBOR),
        "absent": new_id,
    }
    url = f"/manage/{GARDEN}/{bots[which]()}/"
    for answer in (place.client.get(url), send(place, url)):
        assert answer.status_code == 404
        assert "There is no such bot in this server" in answer.text
        assert not {name for name in ("Clover", "Sage", "Harbor") if name in answer.text}


def test_a_form_without_its_token_changes_nothing(place: Place) -> None:
    place.note()
    place.site.app.config["WTF_CSRF_ENABLED"] = True
    for path in (place.url, f"/manage/{GARDEN}/check"):
        answer = place.client.post(path, data={"locale": "de"}, headers={"X-CSRFToken": "forged"})
        assert answer.status_code == 400
    assert stored(place).version == 0


def test_commands_are_offered_where_the_owner_lets_them_and_drafts_never(place: Place) -> None:
    with place.site.unit() as uow:
        live = store_command(uow.session, place.bot_id, "roll", published_version=1).id
        there = {"published_version": 1, "published_guild_id": HARBOR}
        elsewhere = store_command(uow.session, place.bot_id, "dive", **there).id
        draft = store_command(uow.session, place.bot_id, "secret").id
        service.edit_settings(
            uow,
            TESTS,
            place.bot_id,
            place.guild_id,
            version=0,
            disabled_commands=[draft],
            values={"welcome": "Hi"},
        )
        uow.commit()
    place.note()
    assert "/roll" not in place.client.get(place.url).text
    assert send(place, version="1", disabled_commands=[str(live)]).status_code == 303
    assert stored(place).disabled_commands == {draft}
    place.open_up(commands=True)
    page = place.client.get(place.url).text
    assert "/roll" in page
    assert "/secret" not in page
    assert "/dive" not in page
    assert send(place, version="2", disabled_commands=[str(elsewhere)]).status_code == 422
    assert send(place, version="2", disabled_commands=[str(live)]).status_code == 303
    assert stored(place).disabled_commands == {live, draft}
    late = send(place, version="2")
    assert late.status_code == 409
    shown = " ".join(late.text.split())
    assert "Saved meanwhile by somebody else:</b> /roll</p>" in shown
    assert "Yours:</b> nothing is ticked</p>" in shown


def test_the_last_changes_are_told_without_what_was_set(place: Place) -> None:
    place.note()
    page = place.client.get(place.url).text
    assert "Who changed what here" not in page
    other = place.add_bot("Clover")
    with place.site.unit() as uow:
        service.edit_settings(
            uow, TESTS, place.bot_id, place.guild_id, version=0, locale="fr", values={"welcome": "Salut toi"}
        )
        service.edit_settings(uow, TESTS, other, place.guild_id, version=0, locale="ja", values={})
        uow.commit()
    send(place, version="1", own_welcome="Hallo")
    page = place.client.get(place.url).text
    told = page[page.index("Who changed what here") :]
    assert "<b>You</b> changed The welcome, Language, Time zone, Log channel" in told
    assert "<b>The bot&#39;s team</b> changed The welcome, Language" in told
    assert told.count("<li>") == 2
    assert "Salut toi" not in page
    with place.site.unit() as uow:
        service.edit_settings(
            uow,
            replace(Actor.system("x"), kind="user", id=str(new_id())),
            place.bot_id,
            place.guild_id,
            version=2,
            values={"welcome": "Hallo"},
        )
        uow.commit()
    assert "somebody who is gone" in place.client.get(place.url).text
