"""What the buttons of a bot's page do."""

from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.domain.bots import queries
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.types import BotView, DesiredState, GatewayState, ProcessState
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import FLEET, JobKind
from tests.factories.bots import make_identity
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(site: Site) -> SignedInClient:
    return sign_in(site.app)


def get(site: Site, bot_id: UUID) -> BotView:
    with site.services.shared.reads() as session:
        return queries.get_bot(session, bot_id)


def test_stop_and_start_answer_at_once_and_land_on_the_page(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    answer = client.post(f"/admin/bots/{bot_id}/stop")
    assert (answer.status_code, answer.location) == (303, f"/admin/bots/{bot_id}/")
    assert get(site, bot_id).desired_state is DesiredState.STOPPED
    assert "Fern stops." in client.get(answer.location).text
    client.post(f"/admin/bots/{bot_id}/start")
    assert get(site, bot_id).desired_state is DesiredState.RUNNING


def test_a_script_gets_the_sentence_instead(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    answer = client.post(f"/admin/bots/{bot_id}/restart", headers=JSON)
    assert answer.json == {"message": "Fern restarts.", "url": f"/admin/bots/{bot_id}/"}
    assert get(site, bot_id).generation == 2


def test_saving_over_somebody_elses_change_shows_both_values(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    seen = get(site, bot_id).version
    theirs = {"version": seen, "name": "Theirs", "description": "", "tags": "night, care"}
    client.post(f"/admin/bots/{bot_id}/settings", data=theirs)
    mine = client.post(f"/admin/bots/{bot_id}/settings", data=theirs | {"name": "Mine", "tags": ""})
    assert mine.status_code == 409
    assert "Somebody else changed this bot meanwhile" in mine.text
    words = " ".join(mine.text.split())
    assert 'value="Mine"' in words
    assert "<dt>Name</dt> <dd> Theirs </dd>" in words
    newer = get(site, bot_id).version
    assert f'name="version" value="{newer}"' in words
    client.post(f"/admin/bots/{bot_id}/settings", data=theirs | {"name": "Mine", "version": newer})
    assert get(site, bot_id).name == "Mine"


def test_a_bad_name_is_refused_with_its_reason_and_the_rest_stays(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    typed = {"version": get(site, bot_id).version, "name": " ", "description": "Long words", "tags": "night"}
    answer = client.post(f"/admin/bots/{bot_id}/settings", data=typed)
    assert answer.status_code == 422
    for words in ("1 to 80 characters", "Long words", 'value="night"'):
        assert words in answer.text


def test_deleting_asks_for_the_name(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    answer = client.post(f"/admin/bots/{bot_id}/delete", data={"name": "fern"})
    assert "nothing was deleted" in client.get(answer.location).text
    client.post(f"/admin/bots/{bot_id}/delete", data={"name": "Fern"})
    with pytest.raises(BotNotFoundError):
        get(site, bot_id)


def test_a_token_of_another_application_is_refused(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(external_id=77)
    site.directory.identities = {"right": make_identity(external_id=77), "wrong": make_identity()}
    refused = client.post(f"/admin/bots/{bot_id}/token", data={"token": "wrong"})
    assert "belongs to another bot" in client.get(refused.location).text
    taken = client.post(f"/admin/bots/{bot_id}/token", data={"token": " Bot right "})
    assert "Fern has its new token." in client.get(taken.location).text
    assert get(site, bot_id).token_last4 == "ight"


def test_a_bot_that_is_online_is_allowed_more_at_discord_first(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    online = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED}
    bot_id = add_bot(state=online)
    answer = client.post(f"/admin/bots/{bot_id}/sight", data={"sight": "members"})
    assert get(site, bot_id).intents == 1
    assert "Discord is asked to switch it on." in client.get(answer.location.partition("#")[0]).text
    with site.services.shared.reads() as session:
        job = jobs.find_latest(session, JobKind.SET_INTENTS)
    assert job is not None
    assert (job.payload, job.target) == ({"intents": 2}, f"fleet:{bot_id}")
    too_early = client.post(f"/admin/bots/{bot_id}/sight/{job.id}")
    assert get(site, bot_id).intents == 1
    assert "no answer yet" in client.get(too_early.location).text


def test_a_bot_that_is_away_tries_with_what_it_is_given(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    client.post(f"/admin/bots/{bot_id}/sight", data={"sight": ["members", "content"]})
    assert get(site, bot_id).intents == 1 | 1 << 1 | 1 << 15


def test_asking_for_commands_made_elsewhere_shows_how_far_it_is(
    client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    answer = client.post(f"/admin/bots/{bot_id}/look-elsewhere")
    url = answer.location.partition("#")[0]
    assert "Asking the runner" in client.get(url).text
    other = add_bot("Moss")
    assert "Asking the runner" not in client.get(url.replace(str(bot_id), str(other))).text


def test_a_reported_token_is_destroyed_and_the_page_says_what_to_do_now(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(external_id=77)
    answer = client.post(f"/admin/bots/{bot_id}/leaked")
    assert answer.location == f"/admin/bots/{bot_id}/settings#token"
    bot = get(site, bot_id)
    assert (bot.has_token, bot.desired_state, bot.state.reason) == (
        False,
        DesiredState.STOPPED,
        "token_leaked",
    )
    page = client.get(answer.location.partition("#")[0]).text
    for words in ("reported as leaked", "Reset Token", "https://discord.com/developers/applications/77/bot"):
        assert words in page
    assert "Stop now and destroy" not in page
    refused = client.post(f"/admin/bots/{bot_id}/start")
    assert "Fern has no token, so it cannot start." in client.get(refused.location).text
    home = client.get("/admin/").text
    assert "reported as leaked" in home
    assert f"/admin/bots/{bot_id}/settings#token" in home


def test_a_leak_is_reported_without_a_new_proof_but_a_token_is_not_taken(
    site: Site, add_bot: MakeBot
) -> None:
    bot_id, long_ago = add_bot(), site.clock.now() - timedelta(hours=1)
    client = sign_in(site.app, signed_in_at=long_ago)
    client.post(f"/admin/bots/{bot_id}/leaked")
    assert not get(site, bot_id).has_token
    client.post(f"/admin/bots/{bot_id}/token", data={"token": "right"})
    assert not get(site, bot_id).has_token


def test_a_token_is_sealed_anew_by_the_fleet(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    url = client.post(f"/admin/bots/{bot_id}/reseal").location.partition("#")[0]
    with site.services.shared.reads() as session:
        job = jobs.find_latest(session, JobKind.RESEAL_TOKEN)
    assert job is not None
    assert (job.target, job.bot_id, job.payload) == (
        FLEET,
        bot_id,
        {"key_id": site.services.sealer.key_ids[0]},
    )
    assert "A runner seals it." in client.get(url).text
    with site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:x")
        job_service.fail(uow, job.id, "fleet:x", "The stored token cannot be opened.")
        uow.commit()
    assert "The token is sealed as before." in client.get(url).text
    assert "sealed as before" not in client.get(url.replace(str(bot_id), str(add_bot("Oak")))).text


def test_a_bot_without_a_token_has_nothing_to_seal(client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot(sealed_token=None)
    answer = client.post(f"/admin/bots/{bot_id}/reseal")
    assert "Fern has no token" in client.get(answer.location).text
