from datetime import timedelta
from typing import Any
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.placements import service as placements
from tests.factories.bots import make_bot
from tests.factories.settings import SANDBOX
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import MakeSite, Site

ONLINE: dict[str, Any] = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED}
HELD: dict[str, Any] = {
    "process": ProcessState.HELD,
    "reason": Reason.TOKEN_INVALID,
    "held_generation": 1,
}


def add_bot(site: Site, name: str, **changes: Any) -> UUID:
    with site.unit() as uow:
        bot = make_bot(uow.session, name=name, **changes)
        uow.commit()
        return bot.id


def test_an_empty_installation_says_what_to_do(site: Site) -> None:
    page = sign_in(site.app).get("/admin/").text
    assert "No bots yet" in page
    assert "Add your first bot" in page


def test_somebody_who_may_see_nothing_is_told_whom_to_ask(site: Site) -> None:
    add_bot(site, "Fern")
    answer = sign_in(site.app, name="Nobody", role=None).get("/admin/", follow_redirects=True)
    assert answer.request.path == "/no-access"
    assert "Fern" not in answer.text


def test_people_see_their_own_bots_only(site: Site) -> None:
    mine = add_bot(site, "Mine")
    add_bot(site, "Theirs")
    page = sign_in(site.app, name="Priya", role=BuiltInRole.VIEWER, bots=[mine]).get("/admin/").text
    assert "Mine" in page
    assert "Theirs" not in page


def test_a_held_bot_needs_attention_with_the_button_that_helps(site: Site) -> None:
    bot_id = add_bot(site, "Night Owl", desired_state=DesiredState.RUNNING, state=HELD)
    client = sign_in(site.app)
    page = client.get("/admin/").text
    assert "Discord does not accept its token any more." in page
    assert f"/admin/bots/{bot_id}/settings#token" in page
    viewer = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert f"/admin/bots/{bot_id}/settings#token" not in viewer.get("/admin/").text


def test_a_quiet_fleet_has_one_quiet_line(site: Site) -> None:
    add_bot(site, "Fern", desired_state=DesiredState.STOPPED)
    assert "Your bot is fine" in sign_in(site.app).get("/admin/").text


def test_the_period_and_the_order_are_in_the_address(site: Site) -> None:
    for name in ("Aster", "Birch"):
        add_bot(site, name, desired_state=DesiredState.STOPPED)
    client = sign_in(site.app)
    page = client.get("/admin/?period=7d&sort=-bot").text
    assert "Commands, 7 d" in page
    assert page.index("Birch") < page.index("Aster")
    assert 'aria-sort="descending"' in page
    assert "Commands, 24 h" in client.get("/admin/?period=century&sort=%00").text


def test_first_steps_stay_until_they_are_put_away(make_site: MakeSite) -> None:
    site = make_site()
    add_bot(site, "Fern", state=ONLINE | {"connected_at": site.clock.now() - timedelta(hours=1)})
    client = sign_in(site.app)
    page = client.get("/admin/").text
    assert "First steps" in page
    assert "A colleague is invited" in page
    client.post("/admin/first-steps/dismiss")
    assert "First steps" not in client.get("/admin/").text
    assert "First steps" in sign_in(site.app, name="Olga").get("/admin/").text


def test_the_sandbox_is_named_with_its_chat(make_site: MakeSite) -> None:
    site = make_site(**SANDBOX)
    page = sign_in(site.app).get("/admin/").text
    assert "Type /hello in the chat" in page
    assert "/chat" in page


def test_a_bot_that_was_just_started_is_not_called_failed(site: Site) -> None:
    with site.unit() as uow:
        make_bot(uow.session, name="Fern", desired_state=DesiredState.RUNNING, updated_at=site.clock.now())
        placements.register_runner(uow, host="eu-1", pid=7, lock_path="")
        uow.commit()
    page = sign_in(site.app).get("/admin/").text
    assert "Starting" in page
    assert "No runner holds this bot" not in page
