"""Who is told, as a bot's page and Home say it."""

from typing import Any
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.types import DesiredState
from tests.factories.alerts import store_alert, store_channel
from tests.factories.bots import make_bot
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site

NOBODY = "Nobody is told when this bot stops."


def add_bot(site: Site) -> UUID:
    with site.unit() as uow:
        bot_id = make_bot(uow.session, name="Fern", desired_state=DesiredState.RUNNING).id
        uow.commit()
    return bot_id


def add_channel(site: Site, bot_id: UUID | None = None, **changes: Any) -> UUID:
    with site.unit() as uow:
        channel_id = store_channel(uow.session, site.services.addresses, bot_id, **changes).id
        uow.commit()
    return channel_id


def test_a_bot_of_which_nobody_is_told_offers_a_channel(site: Site) -> None:
    bot_id = add_bot(site)
    page = sign_in(site.app).get(f"/admin/bots/{bot_id}/").text
    assert NOBODY in page
    assert f'href="/admin/alerts/channels/new/?bot={bot_id}"' in page
    add_channel(site, bot_id, is_on=False)
    assert NOBODY in sign_in(site.app).get(f"/admin/bots/{bot_id}/").text


def test_the_channels_of_a_bot_and_of_every_bot_are_named(site: Site) -> None:
    bot_id, other = add_bot(site), add_bot(site)
    own = add_channel(site, bot_id, name="Of Fern")
    add_channel(site, None, name="Of all", problem="No answer.")
    add_channel(site, other, name="Of another")
    page = sign_in(site.app).get(f"/admin/bots/{bot_id}/").text
    assert NOBODY not in page
    assert f'href="/admin/alerts/channels/details/?id={own}"' in page
    for words in ("Of Fern", "Of all", "every bot", "In trouble"):
        assert words in page
    assert "Of another" not in page


def test_who_may_not_change_channels_learns_how_many_there_are(site: Site) -> None:
    bot_id = add_bot(site)
    add_channel(site, bot_id, name="Of Fern")
    viewer = sign_in(site.app, name="Nia", permissions=[Permission.BOT_VIEW], bots=[bot_id])
    page = viewer.get(f"/admin/bots/{bot_id}/").text
    assert "1 channel is told when this bot stops." in page
    assert "Of Fern" not in page
    assert "Add a channel" not in page


def test_who_may_change_one_bots_channels_cannot_open_those_of_every_bot(site: Site) -> None:
    bot_id = add_bot(site)
    every = add_channel(site, None, name="Of all")
    keeper = sign_in(
        site.app, name="Kim", permissions=[Permission.BOT_VIEW, Permission.ALERT_EDIT], bots=[bot_id]
    )
    page = keeper.get(f"/admin/bots/{bot_id}/").text
    assert "Of all" in page
    assert str(every) not in page


def test_the_open_alert_of_a_bot_is_linked(site: Site) -> None:
    bot_id = add_bot(site)
    with site.unit() as uow:
        alert_id = store_alert(uow.session, bot_id).id
        uow.commit()
    page = sign_in(site.app).get(f"/admin/bots/{bot_id}/").text
    assert f'href="/admin/alerts/details/?id={alert_id}"' in page


def test_home_says_which_channel_tells_nobody_any_more(site: Site) -> None:
    bot_id = add_bot(site)
    channel_id = add_channel(site, None, is_on=False, problem="Discord says 404.")
    page = sign_in(site.app).get("/admin/").text
    assert "The channel “On call” is off, since nothing arrived. Discord says 404." in page
    assert f'href="/admin/alerts/channels/details/?id={channel_id}"' in page
    viewer = sign_in(site.app, name="Nia", permissions=[Permission.BOT_VIEW], bots=[bot_id])
    assert "Discord says 404." not in viewer.get("/admin/").text


def test_home_says_which_channel_is_on_and_gets_nothing(site: Site) -> None:
    add_bot(site)
    add_channel(site, None, is_on=True, problem="No answer.")
    page = sign_in(site.app).get("/admin/").text
    assert "The channel “On call” is on, but nothing arrives. No answer." in page


def test_the_first_steps_ask_for_a_channel(site: Site) -> None:
    add_bot(site)
    owner = sign_in(site.app)
    assert "Somebody is told when a bot stops" in owner.get("/admin/").text
    assert 'href="/admin/alerts/channels/new/"' in owner.get("/admin/").text
    add_channel(site)
    assert 'href="/admin/alerts/channels/new/">Somebody' not in owner.get("/admin/").text
