"""Who may open and do what on the page of a bot."""

import re
from uuid import UUID

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from socialcube.domain.bots import queries
from socialcube.domain.bots.types import BotView, DesiredState
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

NOBODYS = UUID("01890000-0000-7000-8000-00000000dead")
TABS = ("", "commands", "servers", "logs", "members", "secrets", "settings")
DEEDS = (
    "start",
    "stop",
    "restart",
    "refresh",
    "look-elsewhere",
    "settings",
    "sight",
    "token",
    "leaked",
    "delete",
    "members",
    "secrets",
    "secrets/key/delete",
)


def get(site: Site, bot_id: UUID) -> BotView:
    with site.services.shared.reads() as session:
        return queries.get_bot(session, bot_id)


def test_every_tab_opens_for_the_owner(site: Site, add_bot: MakeBot) -> None:
    client, bot_id = sign_in(site.app), add_bot()
    for tab in TABS:
        answer = client.get(f"/admin/bots/{bot_id}/{tab}")
        assert answer.status_code == 200, tab
        assert "Fern" in answer.text


def test_a_foreign_bot_answers_like_one_that_is_not_there(site: Site, add_bot: MakeBot) -> None:
    client = sign_in(site.app, name="Priya", permissions=BOT_PERMISSIONS, bots=[add_bot("Mine")])
    theirs = add_bot("Theirs")
    for tab in TABS:
        foreign, absent = (client.get(f"/admin/bots/{bot_id}/{tab}") for bot_id in (theirs, NOBODYS))
        assert (foreign.status_code, absent.status_code) == (404, 404), tab
        assert sentence(foreign.text, theirs) == sentence(absent.text, NOBODYS)


def test_a_foreign_bot_cannot_be_touched(site: Site, add_bot: MakeBot) -> None:
    client = sign_in(site.app, name="Priya", permissions=BOT_PERMISSIONS, bots=[add_bot("Mine")])
    theirs = add_bot("Theirs")
    before = get(site, theirs)
    for deed in DEEDS:
        answer = client.post(f"/admin/bots/{theirs}/{deed}", data={"name": "Theirs", "token": "x"})
        assert answer.status_code == 404, deed
    assert get(site, theirs) == before


def test_a_viewer_changes_nothing(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    before = get(site, bot_id)
    permissions = {Permission.BOT_VIEW, Permission.GUILD_VIEW, Permission.LOG_VIEW}
    client = sign_in(site.app, name="Vera", permissions=permissions, bots=[bot_id])
    for deed in DEEDS:
        answer = client.post(f"/admin/bots/{bot_id}/{deed}", data={"name": "Fern"})
        assert answer.status_code == 403, deed
    assert get(site, bot_id) == before


def test_a_viewer_sees_no_button_that_would_refuse(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    page = client.get(f"/admin/bots/{bot_id}/").text
    assert "Overview" in page
    for word in ("Restart", "Stop</button>", ">Settings", "All events", ">Servers"):
        assert word not in page


def test_a_stranger_is_sent_to_sign_in(site: Site, add_bot: MakeBot) -> None:
    answer = site.client.get(f"/admin/bots/{add_bot()}/")
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


def test_no_deed_is_done_without_the_token_of_the_page(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    before = get(site, bot_id)
    client = sign_in(site.app)
    for deed in DEEDS:
        headers = {"X-CSRFToken": "forged"}
        answer = client.post(f"/admin/bots/{bot_id}/{deed}", data={"name": "Fern"}, headers=headers)
        assert answer.status_code in {400, 403}, deed
    assert get(site, bot_id) == before
    assert before.desired_state is DesiredState.RUNNING


def sentence(page: str, bot_id: UUID) -> str:
    """Give the page's words without what differs at every request."""
    text = re.sub(r"<[^>]*>", " ", page).replace(str(bot_id), "")
    return " ".join(re.sub(r"[0-9a-f]{32}", "", text).split())
