from uuid import UUID

import pytest

from socialcube.domain.bots import queries
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.types import DesiredState
from tests.factories.access import make_owner
from tests.factories.bots import make_bot, make_identity
from tests.unit.web.conftest import Site

TOKEN = "brand-new-token-9876"


@pytest.fixture
def bot_id(site: Site) -> UUID:
    with site.unit() as uow:
        bot = make_bot(uow.session, name="Mrs. Fern", external_id=77, desired_state=DesiredState.RUNNING)
        uow.commit()
        return bot.id


def delete(site: Site, bot_id: UUID) -> None:
    with site.unit() as uow:
        bots.delete_bot(uow, make_owner(), bot_id)
        uow.commit()


def test_panic_destroys_the_token_and_says_what_to_do_now(site: Site, bot_id: UUID) -> None:
    result = site.run("bots", "panic", "Mrs. Fern")
    assert result.exit_code == 0
    assert "applications/77/bot" in result.output
    assert "bots token 'Mrs. Fern'" in result.output
    with site.services.shared.reads() as session:
        bot = queries.get_bot(session, bot_id)
    assert (bot.has_token, bot.desired_state) == (False, DesiredState.STOPPED)
    refused = site.run("bots", "start", "Mrs. Fern")
    assert refused.exit_code == 1
    assert "has no token" in refused.stderr
    assert "reported as leaked" in site.run("bots", "list").output


def test_a_deleted_bot_is_listed_and_restored_by_name(site: Site, bot_id: UUID) -> None:
    assert site.run("bots", "deleted").output == "No bot was deleted lately.\n"
    delete(site, bot_id)
    listed = site.run("bots", "deleted").output
    assert "Mrs. Fern" in listed
    assert "2026-02-01" in listed
    result = site.run("bots", "restore", "Mrs. Fern")
    assert result.output.endswith("flask --app wsgi bots token 'Mrs. Fern'\n")
    with site.services.shared.reads() as session:
        assert queries.find_bot(session, bot_id) is not None


def test_what_is_not_deleted_or_not_clear_is_refused(site: Site, bot_id: UUID) -> None:
    absent = site.run("bots", "restore", "Mrs. Fern")
    assert "There is no bot Mrs. Fern among the deleted ones." in absent.stderr
    with site.unit() as uow:
        other = make_bot(uow.session, name="Mrs. Fern").id
        uow.commit()
    for each in (bot_id, other):
        delete(site, each)
    both = site.run("bots", "restore", "Mrs. Fern")
    assert "More than one bot is called Mrs. Fern" in both.stderr
    assert site.run("bots", "restore", str(other)).exit_code == 0


@pytest.mark.parametrize(("words", "is_new"), [((), False), (("--afresh",), True)])
def test_a_bot_that_was_deleted_comes_back_or_begins_with_nothing(
    site: Site, bot_id: UUID, words: tuple[str, ...], *, is_new: bool
) -> None:
    site.directory.identities[TOKEN] = make_identity(external_id=77, name="At Discord")
    delete(site, bot_id)
    result = site.run("bots", "create", *words, typed=TOKEN)
    assert result.output.startswith("At Discord is here" if is_new else "Mrs. Fern is here")
    with site.services.shared.reads() as session:
        assert (queries.find_bot(session, bot_id) is None) is is_new
