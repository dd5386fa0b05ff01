from uuid import UUID

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.bots.models import BotTag
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import LogRecord
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.logs import make_command_log, make_error_log
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

URL = "/admin/shown-bots"
NOBODYS = UUID("01890000-0000-7000-8000-00000000dead")


def add_bot(site: Site, name: str, *tags: str) -> UUID:
    with site.unit() as uow:
        bot = make_bot(uow.session, name=name)
        bot.tags = [BotTag(tag=tag) for tag in tags]
        uow.commit()
        return bot.id


def choose(client: SignedInClient, key: str) -> int:
    return client.post(URL, json={"key": key}, headers={"Accept": "application/json"}).status_code


def store(site: Site, *records: LogRecord) -> None:
    RowStore(site.services.shared.writes).write([make_entry(record) for record in records])


def test_nothing_chosen_shows_all_bots(site: Site) -> None:
    add_bot(site, "Fern")
    page = sign_in(site.app).get("/admin/").text
    assert "All bots" in page
    assert "Only " not in page


def test_tags_and_bots_are_offered_by_words(site: Site) -> None:
    fern = add_bot(site, "Fern", "client")
    add_bot(site, "Moss")
    client = sign_in(site.app)
    offers = client.get(URL, headers={"Accept": "application/json"}).get_json()["places"]
    assert [offer["key"] for offer in offers[:3]] == ["", "tag:client", f"bot:{fern}"]
    assert (offers[0]["note"], offers[1]["note"], offers[2]["note"]) == ("2 bots", "1 bot", "client")
    found = client.get(f"{URL}?q=FER", headers={"Accept": "application/json"}).get_json()["places"]
    assert [offer["label"] for offer in found] == ["Fern"]
    assert "Nothing is called" in client.get(f"{URL}?q=%00nothing").text


@pytest.mark.parametrize(
    ("path", "other"),
    [("/admin/", "Moss"), ("/admin/bots/", "Moss"), ("/admin/live", "Moss"), ("/admin/commands/", "/moss")],
)
def test_pages_show_the_chosen_bots_only(site: Site, path: str, other: str) -> None:
    for name, tag in (("Fern", "client"), ("Moss", "own")):
        bot_id = add_bot(site, name, tag)
        with site.unit() as uow:
            store_command(uow.session, bot_id, name.lower())
            uow.commit()
    client = sign_in(site.app)
    assert choose(client, "tag:client") == 200
    page = client.get(path).text
    assert "Only client" in page
    assert other not in page
    assert "fern" in page.lower()
    assert choose(client, "") == 200
    assert other in client.get(path).text


def test_logs_show_the_chosen_bots_only(site: Site) -> None:
    fern, moss = add_bot(site, "Fern"), add_bot(site, "Moss")
    store(
        site,
        make_command_log(bot_id=fern, command_name="hello"),
        make_command_log(bot_id=moss, command_name="goodbye"),
        make_error_log(bot_id=None, message="The site itself stumbled."),
    )
    client = sign_in(site.app)
    choose(client, f"bot:{fern}")
    runs = client.get("/admin/logs/commands/").text
    assert "hello" in runs
    assert "goodbye" not in runs
    assert "stumbled" not in client.get("/admin/logs/errors/").text
    assert "stumbled" not in client.get("/admin/live").text
    assert "Only Fern" not in client.get("/admin/logs/requests/").text


def test_filters_and_the_palette_offer_the_chosen_bots_only(site: Site) -> None:
    fern, moss = add_bot(site, "Fern"), add_bot(site, "Moss")
    run = make_command_log(bot_id=moss)
    store(site, run)
    client = sign_in(site.app)

    def labels(words: str) -> list[str]:
        found = client.get("/admin/jump", query_string={"q": words}).get_json()["places"]
        return [place["label"] for place in found]

    assert labels("moss") == ["Moss"]
    choose(client, f"bot:{fern}")
    for path in ("/admin/logs/commands/", "/admin/logs/bots/", "/admin/servers/"):
        page = client.get(path).text
        assert str(fern) in page
        assert str(moss) not in page, path
    assert labels("moss") == ["Show all bots"]
    assert labels("fern") == ["Fern", "Show all bots"]
    assert labels(str(run.event_id))[0] == f"/{run.command_name}"


def test_the_live_rows_follow_what_the_page_was_opened_with(site: Site) -> None:
    fern, moss = add_bot(site, "Fern", "client"), add_bot(site, "Moss")
    store(site, *(make_command_log(bot_id=bot_id) for bot_id in (fern, moss)))
    client = sign_in(site.app)
    found = {
        only: len(client.get(f"/admin/live/rows?stream=commands&only={only}").get_json()["rows"])
        for only in ("", "tag:client", f"bot:{moss}", "tag:none", "bot:x")
    }
    assert list(found.values()) == [2, 1, 1, 0, 0]


def test_a_choice_never_shows_more_than_the_person_may_see(site: Site) -> None:
    mine, theirs = add_bot(site, "Mine", "shared"), add_bot(site, "Theirs", "shared", "secret")
    store(site, *(make_command_log(bot_id=bot_id) for bot_id in (mine, theirs)))
    client = sign_in(site.app, name="Priya", role=BuiltInRole.VIEWER, bots=[mine])
    assert "secret" not in client.get(URL).text
    assert "Theirs" not in client.get(URL).text
    assert [choose(client, key) for key in (f"bot:{theirs}", "tag:secret", f"bot:{NOBODYS}")] == [400] * 3
    assert choose(client, "tag:shared") == 200
    assert "Theirs" not in client.get("/admin/bots/").text
    rows = client.get(f"/admin/live/rows?stream=commands&only=bot:{theirs}").get_json()["rows"]
    assert rows == []


def test_a_page_about_one_object_stays_open_whatever_is_chosen(site: Site) -> None:
    fern, moss = add_bot(site, "Fern"), add_bot(site, "Moss")
    client = sign_in(site.app, permissions=BOT_PERMISSIONS | {Permission.BOT_CREATE})
    choose(client, f"bot:{fern}")
    assert client.get(f"/admin/bots/{moss}/").status_code == 200


def test_chosen_bots_that_are_gone_mean_all_bots(site: Site) -> None:
    fern, _ = add_bot(site, "Fern", "client"), add_bot(site, "Moss")
    client = sign_in(site.app)
    choose(client, "tag:client")
    with site.unit() as uow:
        tag = uow.session.get_one(BotTag, (fern, "client"))
        uow.session.delete(tag)
        uow.commit()
    assert "Moss" in client.get("/admin/bots/").text


def test_without_script_a_form_leads_back_to_the_page(site: Site) -> None:
    fern = add_bot(site, "Fern")
    client = sign_in(site.app)
    headers = {"Referer": "http://localhost/admin/bots/"}
    answer = client.post(URL, data={"key": f"bot:{fern}"}, headers=headers)
    assert (answer.status_code, answer.location) == (303, "/admin/bots/")
    assert "Only Fern" in client.get("/admin/bots/").text


def test_somebody_without_bots_has_no_switch(site: Site) -> None:
    client = sign_in(site.app, name="Sid", permissions={Permission.SYSTEM_VIEW})
    assert "data-shown-bots" not in client.get("/admin/").text
    assert client.get(URL, headers={"Accept": "application/json"}).status_code == 403
