"""The screens of alerts and channels."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from socialcube.domain.access.types import Permission
from socialcube.domain.alerts.models import Alert, AlertChannel, AlertMessage
from socialcube.domain.alerts.types import AlertKind, Ending, MessageState, News
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.types import JobKind
from socialcube.kernel.ids import new_id
from tests.factories.alerts import STORED_WEBHOOK, TOKEN, WEBHOOK, store_alert, store_channel
from tests.fakes.clock import START
from tests.support.signing_in import sign_in
from tests.unit.web.admin.conftest import HOSTILE, House
from tests.unit.web.conftest import MakeSite, Site

LIST, CHANNELS = "/admin/alerts/", "/admin/alerts/channels/"
MAIL = {"MAIL_FROM": "cube@example.org"}


def channel_of(site: Site, name: str = "On call") -> AlertChannel:
    with site.services.shared.reads() as session:
        return session.scalars(select(AlertChannel).where(AlertChannel.name == name)).one()


def address_of(site: Site, name: str = "On call") -> str:
    row = channel_of(site, name)
    return site.services.addresses.open(row.sealed_address, channel_id=row.id).reveal()


def typed(house: House, **changes: Any) -> dict[str, Any]:
    return {"name": "On call", "address": WEBHOOK, "place": str(house.own.bot_id)} | changes


def add_alert(site: Site, bot_id: UUID, **changes: Any) -> UUID:
    with site.unit() as uow:
        alert_id = store_alert(uow.session, bot_id, **changes).id
        uow.commit()
    return alert_id


def add_channel(site: Site, bot_id: UUID | None = None, **changes: Any) -> UUID:
    with site.unit() as uow:
        channel_id = store_channel(uow.session, site.services.addresses, bot_id, **changes).id
        uow.commit()
    return channel_id


def test_empty_lists_say_what_belongs_there(house: House) -> None:
    page = house.owner.get(LIST).text
    assert "No bot was in trouble" in page
    assert f'href="{CHANNELS}"' in page
    assert "Nobody is told yet" in house.owner.get(CHANNELS).text


def test_the_sidebar_leads_to_alerts(house: House) -> None:
    assert f'href="{LIST}"' in house.owner.get("/admin/").text


def test_open_and_past_alerts_are_listed_and_what_is_not_told_yet_is_not(house: House) -> None:
    own = house.own.bot_id
    add_alert(house.site, own, kind=AlertKind.NEEDS_YOU, sentence="Its token is refused.", bot_name="Fern")
    ended = {"ended_at": START, "ending": Ending.RECOVERED, "bot_name": "Fern"}
    add_alert(house.site, own, sentence="It was down.", **ended)
    add_alert(house.site, house.foreign.bot_id, told_at=None, sentence="Too fresh.")
    page = house.owner.get(LIST).text
    assert "Needs you" in page
    assert "Is back" in page
    assert "Too fresh." not in page
    only_open = house.owner.get(f"{LIST}?flt0_state_is=open").text
    assert "Its token is refused." in only_open
    assert "It was down." not in only_open
    assert "It was down." in house.owner.get(f"{LIST}?search=was+down").text
    assert "It was down." not in house.owner.get(f"{LIST}?flt0_kind_is=needs_you").text


def test_an_alert_tells_who_was_told_what_and_what_failed(house: House) -> None:
    alert_id = add_alert(house.site, house.own.bot_id, remedy="Paste a new token.")
    said = {MessageState.SENT: "", MessageState.FAILED: "It is not there any more."}
    with house.site.unit() as uow:
        for number, (state, problem) in enumerate(said.items()):
            uow.session.add(
                AlertMessage(
                    id=new_id(),
                    alert_id=alert_id,
                    channel_name=f"Channel {number}",
                    news=News.BEGAN,
                    state=state,
                    problem=problem,
                    queued_at=START,
                    due_at=START,
                    done_at=START,
                )
            )
        uow.commit()
    page = house.owner.get(f"{LIST}details/?id={alert_id}").text
    for words in (
        "Paste a new token.",
        "Channel 0",
        "Told",
        "Channel 1",
        "Did not arrive",
        "not there any more",
    ):
        assert words in page
    assert "Not everybody" in house.owner.get(LIST).text
    # Who may only look knows how many were told, not who they are.
    viewer = sign_in(house.site.app, name="Nia", permissions=[Permission.BOT_VIEW], bots=[house.own.bot_id])
    page = viewer.get(f"{LIST}details/?id={alert_id}").text
    assert "Did not arrive" in page
    assert "Channel 1" not in page
    assert "not there any more" not in page


def test_an_alert_of_which_nobody_heard_offers_a_channel(house: House) -> None:
    alert_id = add_alert(house.site, house.own.bot_id)
    page = house.owner.get(f"{LIST}details/?id={alert_id}").text
    assert f'href="{CHANNELS}new/?bot={house.own.bot_id}"' in page
    assert "Nobody" in house.owner.get(LIST).text


def test_a_keeper_sees_the_alerts_and_channels_of_the_own_bot_alone(house: House) -> None:
    add_alert(house.site, house.own.bot_id, bot_name="Own bot")
    other = add_alert(house.site, house.foreign.bot_id, bot_name="Foreign bot")
    add_channel(house.site, house.own.bot_id, name="Of own")
    foreign = add_channel(house.site, house.foreign.bot_id, name="Of foreign")
    every = add_channel(house.site, None, name="Of every bot")
    assert "Foreign bot" not in house.keeper.get(LIST).text
    page = house.keeper.get(CHANNELS).text
    assert "Of own" in page
    assert "Of foreign" not in page
    assert "Of every bot" not in page
    assert house.keeper.get(f"{LIST}details/?id={other}").status_code == 404
    for key in (foreign, every):
        for path in ("details", "edit", "delete"):
            assert house.keeper.get(f"{CHANNELS}{path}/?id={key}").status_code == 404
        assert house.keeper.post(f"{CHANNELS}test/?id={key}").status_code == 404


def test_a_webhook_is_stored_sealed_and_never_shown(house: House) -> None:
    answer = house.owner.post(f"{CHANNELS}new/", data=typed(house))
    assert answer.status_code == 303
    channel_id = channel_of(house.site).id
    assert answer.headers["Location"] == f"{CHANNELS}details/?id={channel_id}"
    assert address_of(house.site) == STORED_WEBHOOK
    for path in ("", f"details/?id={channel_id}", f"edit/?id={channel_id}"):
        page = house.owner.get(CHANNELS + path).text
        assert TOKEN not in page
        assert TOKEN[-4:] in page or "edit" in path
    assert TOKEN not in house.owner.post(f"{CHANNELS}export/").text
    with house.site.services.shared.reads() as session:
        rows = session.execute(text("SELECT * FROM audit_logs")).all()
        (entry,) = session.scalars(select(AuditLog).where(AuditLog.action == "alert.channel_create"))
    assert TOKEN not in str(rows)
    assert entry.after == {
        "name": "On call",
        "kind": "discord",
        "is_on": True,
        "leads_to": f"Webhook 4711/••••{TOKEN[-4:]}",
        "bot_id": str(house.own.bot_id),
    }
    assert entry.bot_id == house.own.bot_id


def test_a_refused_form_keeps_all_but_the_webhook(house: House) -> None:
    answer = house.owner.post(f"{CHANNELS}new/", data=typed(house, name="", address=WEBHOOK))
    assert answer.status_code == 422
    assert TOKEN not in answer.text
    bare = WEBHOOK.partition("://")[2]
    answer = house.owner.post(f"{CHANNELS}new/", data=typed(house, address=bare))
    assert answer.status_code == 422
    assert TOKEN not in answer.text
    answer = house.owner.post(f"{CHANNELS}new/", data=typed(house, address="ops@localhost"))
    assert answer.status_code == 422
    assert "neither the address of a Discord webhook nor an e-mail address" in answer.text
    assert 'value="ops@localhost"' in answer.text
    assert 'value="On call"' in answer.text


@pytest.mark.parametrize("url", [WEBHOOK.replace("discord.com", "evil.example"), "http://127.0.0.1/api/x"])
def test_asvs_1_3_6_no_other_host_is_taken(house: House, url: str) -> None:
    assert house.owner.post(f"{CHANNELS}new/", data=typed(house, address=url)).status_code == 422


def test_mail_needs_a_mail_server(house: House) -> None:
    answer = house.owner.post(f"{CHANNELS}new/", data=typed(house, address="ops@example.org"))
    assert answer.status_code == 422
    assert "SMTP_URL" in answer.text


def test_a_mail_address_is_shown_and_not_audited(make_site: MakeSite) -> None:
    site = make_site(**MAIL)
    owner = sign_in(site.app)
    data = {"name": "On call", "address": "ops@example.org", "place": "all"}
    assert owner.post(f"{CHANNELS}new/", data=data).status_code == 303
    assert address_of(site) == "ops@example.org"
    assert "ops@example.org" in owner.get(CHANNELS).text
    with site.services.shared.reads() as session:
        assert "ops@example.org" not in str(session.execute(text("SELECT * FROM audit_logs")).all())


def test_a_keeper_can_give_no_channel_every_bot(house: House) -> None:
    page = house.keeper.get(f"{CHANNELS}new/").text
    assert "Every bot" not in page
    assert "Foreign bot" not in page
    for place in ("all", str(house.foreign.bot_id), "nonsense"):
        answer = house.keeper.post(f"{CHANNELS}new/", data=typed(house, place=place))
        assert answer.status_code == 422
    assert house.keeper.post(f"{CHANNELS}new/", data=typed(house)).status_code == 303


def test_the_bot_of_the_link_is_chosen(house: House) -> None:
    page = house.owner.get(f"{CHANNELS}new/?bot={house.foreign.bot_id}").text
    assert re.search(rf'<option selected value="{house.foreign.bot_id}"', page)


def test_a_change_keeps_the_address_unless_another_is_typed(house: House) -> None:
    key = add_channel(house.site, house.own.bot_id, problem="It is gone.", is_on=False)
    data = typed(house, name="Night shift", address="", version="1", is_on="y", place="all")
    assert house.owner.post(f"{CHANNELS}edit/?id={key}", data=data).status_code == 303
    row = channel_of(house.site, "Night shift")
    assert (row.is_on, row.problem, row.bot_id, row.version) == (True, "", None, 2)
    assert address_of(house.site, "Night shift") == STORED_WEBHOOK
    other = STORED_WEBHOOK.replace("4711", "4712")
    data |= {"address": other, "version": "2"}
    assert house.owner.post(f"{CHANNELS}edit/?id={key}", data=data).status_code == 303
    assert address_of(house.site, "Night shift") == other


def test_two_people_do_not_overwrite_each_other(house: House) -> None:
    key = add_channel(house.site, house.own.bot_id, version=3)
    data = typed(house, name="Mine", version="2", address=WEBHOOK)
    answer = house.owner.post(f"{CHANNELS}edit/?id={key}", data=data)
    assert answer.status_code == 409
    assert TOKEN not in answer.text
    assert channel_of(house.site).name == "On call"


def test_a_channel_is_removed_with_its_address(house: House) -> None:
    key = add_channel(house.site, house.own.bot_id)
    assert house.owner.post(f"{CHANNELS}delete/?id={key}").status_code == 303
    with house.site.services.shared.reads() as session:
        assert session.scalars(select(AlertChannel)).all() == []


def finish_test(site: Site, *, problem: str = "") -> None:
    with site.unit() as uow:
        job = uow.session.scalars(select(Job).where(Job.kind == JobKind.TEST_ALERT)).one()
        jobs.claim(uow, job.id, "tests", claim_seconds=60)
        if problem:
            jobs.fail(uow, job.id, "tests", problem)
        else:
            jobs.finish(uow, job.id, "tests", {"answer": "Discord took the test."})
        uow.commit()


@pytest.mark.parametrize("problem", ["", "This webhook is gone."])
def test_a_test_is_asked_and_answered_in_words(house: House, problem: str) -> None:
    key = add_channel(house.site, house.own.bot_id)
    answer = house.keeper.post(f"{CHANNELS}test/?id={key}")
    assert answer.status_code == 303
    page = house.keeper.get(answer.headers["Location"]).text
    assert "On its way" in page
    assert house.site.queue.sent[0][1] == JobKind.TEST_ALERT
    finish_test(house.site, problem=problem)
    page = house.keeper.get(answer.headers["Location"]).text
    assert (problem or "Discord took the test.") in page


def test_the_answer_to_another_channels_test_is_not_shown(house: House) -> None:
    key, other = (
        add_channel(house.site, house.own.bot_id),
        add_channel(house.site, house.own.bot_id, name="B"),
    )
    address = house.owner.post(f"{CHANNELS}test/?id={key}").headers["Location"]
    finish_test(house.site)
    assert "Discord took" not in house.owner.get(address.replace(str(key), str(other))).text


def test_a_channel_that_was_switched_off_says_why(house: House) -> None:
    add_channel(house.site, house.own.bot_id, is_on=False, problem="Discord says 404.")
    row = channel_of(house.site)
    page = house.owner.get(f"{CHANNELS}details/?id={row.id}").text
    assert "Discord says 404." in page
    assert "switch it on" in page
    assert "Off" in house.owner.get(f"{CHANNELS}?flt0_state_is=off").text


def test_hostile_words_are_shown_as_they_are(house: House) -> None:
    alert_id = add_alert(house.site, house.own.bot_id, sentence=HOSTILE, bot_name=HOSTILE[:80])
    key = add_channel(house.site, house.own.bot_id, name=HOSTILE[:60], problem=HOSTILE)
    for path in (LIST, f"{LIST}details/?id={alert_id}", CHANNELS, f"{CHANNELS}details/?id={key}"):
        page = house.owner.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_who_may_only_look_is_offered_no_channels(house: House) -> None:
    viewer = sign_in(house.site.app, name="Nia", permissions=[Permission.BOT_VIEW], bots=[house.own.bot_id])
    add_alert(house.site, house.own.bot_id)
    page = viewer.get(LIST).text
    assert "New channel" not in page
    assert CHANNELS not in page
    assert viewer.get(CHANNELS).status_code == 403
    with house.site.services.shared.reads() as session:
        alert = session.scalars(select(Alert)).one()
    assert "Add a channel" not in viewer.get(f"{LIST}details/?id={alert.id}").text
