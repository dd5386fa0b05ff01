"""Token keys: what is sealed to which, and the button that seals everything anew."""

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import FLEET, JobKind, JobView
from socialcube.domain.key_rotation.types import RotationOutcome
from tests.factories.bots import make_bot
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

URL = "/admin/token-keys"


@pytest.fixture
def client(site: Site) -> SignedInClient:
    with site.unit() as uow:
        make_bot(uow.session, sealed_token="fake/one:x")
        make_bot(uow.session, sealed_token="old/two:x")
        uow.commit()
    return sign_in(site.app)


def latest(site: Site) -> JobView:
    with site.services.shared.reads() as session:
        job = jobs.find_latest(session, JobKind.ROTATE_KEYS)
    assert job is not None
    return job


def end(site: Site, outcome: RotationOutcome | str) -> None:
    with site.unit() as uow:
        job = job_service.claim(uow, latest(site).id, "fleet:us")
        assert job is not None
        if isinstance(outcome, str):
            job_service.fail(uow, job.id, "fleet:us", outcome)
        else:
            job_service.finish(uow, job.id, "fleet:us", outcome.to_json())
        uow.commit()


def test_it_says_what_each_key_is_still_needed_for(client: SignedInClient) -> None:
    page = " ".join(client.get(URL).text.split())
    assert "Newest" in page
    assert "<code>old</code>" in page
    assert "TOKEN_SEALING_KEYS does not name it" in page
    assert "Seal 1 anew" in page


def test_the_button_asks_any_runner_and_shows_how_it_goes(site: Site, client: SignedInClient) -> None:
    answer = client.post(f"{URL}/rotate")
    assert (answer.status_code, answer.location) == (303, URL)
    job = latest(site)
    assert (job.target, job.payload) == (FLEET, {"key_id": "fake"})
    assert f'data-job="{job.id}"' in client.get(URL).text
    end(site, RotationOutcome("fake", 1, ()))
    assert "1 sealed anew to <code>fake</code>" in client.get(URL).text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (RotationOutcome("fake", 0, ("bots/1",)), "1 could not be opened by any key"),
        ("The panel seals to another key.", "The panel seals to another key."),
    ],
)
def test_what_went_wrong_is_said(
    site: Site, client: SignedInClient, outcome: RotationOutcome | str, words: str
) -> None:
    client.post(f"{URL}/rotate")
    end(site, outcome)
    assert words in client.get(URL).text


def test_it_is_for_site_admins(site: Site, client: SignedInClient) -> None:
    del client
    permissions = BOT_PERMISSIONS | {Permission.BOT_CREATE, Permission.SYSTEM_VIEW}
    other = sign_in(site.app, name="Priya", permissions=permissions)
    assert other.get(URL).status_code == 403
    assert other.post(f"{URL}/rotate").status_code == 403
    assert URL not in other.get("/admin/").text
