from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.bots import queries
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.errors import PlatformUnavailableError, TokenRefusedError
from socialcube.domain.bots.models import BotState
from socialcube.domain.bots.types import BotView, DesiredState, GatewayState, Platform
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind
from tests.factories.bots import make_bot, make_identity
from tests.factories.guilds import make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

TOKEN = "MTk4NjIyNDgz.secret-of-fern"


@pytest.fixture
def client(site: Site) -> SignedInClient:
    site.directory.identities = {TOKEN: make_identity(external_id=77, name="Fern")}
    return sign_in(site.app)


def list_bots(site: Site) -> list[BotView]:
    with site.services.shared.reads() as session:
        return queries.list_bots(session)


def make(site: Site, client: SignedInClient) -> UUID:
    client.post("/admin/bots/new/token", data={"token": TOKEN})
    return list_bots(site)[0].id


def join(site: Site, bot_id: UUID, name: str = "Fern Street") -> int:
    guild = make_guild(name=name)
    with site.unit() as uow:
        guilds.sync_guild(uow, bot_id, Platform.DISCORD, guild)
        uow.commit()
    return guild.external_id


def test_a_good_token_makes_the_bot_and_starts_it(site: Site, client: SignedInClient) -> None:
    answer = client.post("/admin/bots/new/token", data={"token": f" Bot {TOKEN} "})
    [bot] = list_bots(site)
    assert (answer.status_code, answer.location) == (303, f"/admin/bots/new?bot={bot.id}")
    assert (bot.name, bot.desired_state, bot.token_last4) == ("Fern", DesiredState.RUNNING, "fern")
    page = client.get(answer.location).text
    assert "It works and is sealed here" in page
    assert TOKEN not in page


@pytest.mark.usefixtures("client")
def test_who_may_only_add_bots_manages_what_they_bring(site: Site) -> None:
    with site.unit() as uow:
        other = make_bot(uow.session, name="Oak").id
        uow.commit()
    maker = sign_in(site.app, name="Jonas", role=None, permissions=[Permission.BOT_CREATE])
    answer = maker.post("/admin/bots/new/token", data={"token": TOKEN})
    fern = next(bot for bot in list_bots(site) if bot.name == "Fern")
    assert (answer.status_code, fern.desired_state) == (303, DesiredState.RUNNING)
    assert "It works and is sealed here" in maker.get(answer.location).text
    assert maker.get(f"/admin/bots/{fern.id}/members").status_code == 200
    assert maker.get(f"/admin/bots/{other}/").status_code == 404


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (TokenRefusedError(), 400, "Discord does not accept this token."),
        (PlatformUnavailableError(reason="it did not answer in time"), 503, "Nothing was changed."),
    ],
)
def test_a_token_that_cannot_be_used_is_explained_at_its_field(
    site: Site, client: SignedInClient, failure: Exception, status: int, words: str
) -> None:
    site.directory.failure = failure
    answer = client.post("/admin/bots/new/token", data={"token": TOKEN})
    assert answer.status_code == status
    assert words in answer.text
    assert TOKEN not in answer.text
    assert list_bots(site) == []


def test_what_cannot_be_a_token_never_reaches_discord(site: Site, client: SignedInClient) -> None:
    site.directory.failure = AssertionError("Discord was asked")
    for token in ("", "   ", "zwei\nZeilen", "ü", "x" * 501):
        assert client.post("/admin/bots/new/token", data={"token": token}).status_code == 400


def test_a_bot_that_was_deleted_comes_back_and_says_so(site: Site, client: SignedInClient) -> None:
    bot_id = make(site, client)
    assert "was deleted here before" not in client.get(f"/admin/bots/new?bot={bot_id}").text
    client.post(f"/admin/bots/{bot_id}/delete", data={"name": "Fern"})
    site.clock.advance(60)
    client.post("/admin/bots/new/token", data={"token": TOKEN})
    assert [bot.id for bot in list_bots(site)] == [bot_id]
    assert "Fern was deleted here before." in client.get(f"/admin/bots/new?bot={bot_id}").text


def test_a_bot_that_is_here_already_is_named(site: Site, client: SignedInClient) -> None:
    make(site, client)
    again = client.post("/admin/bots/new/token", data={"token": TOKEN})
    assert again.status_code == 409
    assert "belongs to a bot that is here already: Fern" in again.text


def test_only_those_who_may_create_bots_can(site: Site, client: SignedInClient) -> None:
    del client
    manager = sign_in(site.app, name="Jonas", role=BuiltInRole.MANAGER)
    assert manager.get("/admin/bots/new").status_code == 403
    assert manager.post("/admin/bots/new/token", data={"token": TOKEN}).status_code == 403
    assert list_bots(site) == []


def test_a_foreign_bot_is_not_resumed(site: Site) -> None:
    with site.unit() as uow:
        mine, theirs = (make_bot(uow.session, name=name).id for name in ("Mine", "Theirs"))
        uow.commit()
    client = sign_in(site.app, name="Jonas", role=BuiltInRole.MANAGER, bots=[mine])
    assert client.get(f"/admin/bots/new?bot={mine}").status_code == 200
    assert client.get(f"/admin/bots/new?bot={theirs}").status_code == 404
    for deed in ("sight", "join", "command", "inspect"):
        answer = client.post(f"/admin/bots/new/{theirs}/{deed}", data={"guild": "1", "template": "hello"})
        assert answer.status_code == 404, deed


def test_the_first_command_goes_live_in_one_server(site: Site, client: SignedInClient) -> None:
    bot_id = make(site, client)
    guild_id = join(site, bot_id)
    page = client.get(f"/admin/bots/new?bot={bot_id}&step=command").text
    assert "Publish to Fern Street" in page
    answer = client.post(
        f"/admin/bots/new/{bot_id}/command", data={"guild": str(guild_id), "template": "rules"}
    )
    assert "/rules is live." in client.get(answer.location).text
    with site.services.shared.reads() as session:
        [live] = commands.list_published(session, bot_id)
    assert (live.name, live.guild_id) == ("rules", guild_id)


@pytest.mark.parametrize(
    "given", [{"guild": "5", "template": "rules"}, {"template": "rules"}, {"guild": "x", "template": "rules"}]
)
def test_a_server_that_it_is_not_in_is_refused(
    site: Site, client: SignedInClient, given: dict[str, str]
) -> None:
    bot_id = make(site, client)
    answer = client.post(f"/admin/bots/new/{bot_id}/command", data=given)
    assert answer.status_code in {303, 404}
    with site.services.shared.reads() as session:
        assert commands.list_commands(session, bot_id) == []


def test_an_editor_cannot_publish_from_here(site: Site, client: SignedInClient) -> None:
    bot_id = make(site, client)
    guild_id = join(site, bot_id)
    permissions = {Permission.BOT_VIEW, Permission.BOT_EDIT, Permission.COMMAND_EDIT, Permission.COMMAND_VIEW}
    editor = sign_in(site.app, name="Jonas", permissions=permissions, bots=[bot_id])
    page = editor.get(f"/admin/bots/new?bot={bot_id}&step=command").text
    assert "Your role does not publish commands." in page
    refused = editor.post(
        f"/admin/bots/new/{bot_id}/command", data={"guild": str(guild_id), "template": "rules"}
    )
    assert refused.status_code == 403


def test_what_discord_says_of_the_token_is_told_at_once(site: Site) -> None:
    identity = make_identity(
        external_id=78,
        name="Moss",
        guild_count=1,
        starts_left=990,
        interactions_url="https://elsewhere.example/",
    )
    site.directory.identities = {TOKEN: identity}
    client = sign_in(site.app)
    answer = client.post("/admin/bots/new/token", data={"token": TOKEN})
    page = client.get(answer.location).text
    assert "The token is of Moss, in 1 server, with 990 starts left today." in page
    assert "https://elsewhere.example/" in page
    assert "Send them here" in page


def test_commands_are_sent_here_from_the_page_of_a_new_bot(site: Site, client: SignedInClient) -> None:
    bot_id = make(site, client)
    with site.unit() as uow:
        bots.note_interactions_url(uow, bot_id, "https://elsewhere.example/")
        state = uow.session.get_one(BotState, bot_id)
        state.gateway = GatewayState.CONNECTED
        uow.commit()
    answer = client.post(f"/admin/bots/{bot_id}/take-interactions", data={"then": "new"})
    assert answer.location.startswith(f"/admin/bots/new?bot={bot_id}&asked=")
    assert "Discord is asked to send them here." in client.get(answer.location).text


def test_the_invitation_asks_for_what_the_commands_need_and_no_more(
    site: Site, client: SignedInClient
) -> None:
    bot_id = make(site, client)
    page = client.get(f"/admin/bots/new?bot={bot_id}&step=sight").text
    assert "What its commands need: nothing but to answer" in page
    assert "permissions=0" in page
    more = client.get(f"/admin/bots/new?bot={bot_id}&step=sight&preset=post").text
    assert "permissions=0" not in more


def test_what_discord_allows_already_stands_at_the_ticks(site: Site, client: SignedInClient) -> None:
    bot_id = make(site, client)
    answer = client.post(f"/admin/bots/new/{bot_id}/inspect")
    with site.unit() as uow:
        job = jobs.find_latest(uow.session, JobKind.INSPECT_BOT)
        assert job is not None
        job_service.claim(uow, job.id, "fleet:x")
        job_service.finish(uow, job.id, "fleet:x", {"commands_elsewhere": [], "intents": 1 << 1})
        uow.commit()
    page = client.get(answer.location).text
    assert page.count("Discord allows it already.") == 1
    assert page.count("Ticked, we switch it on at Discord.") == 2
