"""The menu of a bot's page, and the filters of its logs."""

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.commands import documents
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import Level, LogRecord, Outcome
from tests.factories.commands import store_command
from tests.factories.logs import make_bot_log, make_command_log
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot


def test_a_refresh_asks_the_runner_once(site: Site, add_bot: MakeBot) -> None:
    bot_id, client = add_bot(), sign_in(site.app)
    assert client.post(f"/admin/bots/{bot_id}/refresh").status_code == 303
    with site.services.shared.reads() as session:
        (job,) = jobs.list_recent(session)
    assert (job.kind, job.target, job.bot_id) == (JobKind.REFRESH_BOT, fleet_target(bot_id), bot_id)


def test_a_stopped_bot_is_not_asked(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot(desired_state=DesiredState.STOPPED)
    assert "Refresh servers" not in sign_in(site.app).get(f"/admin/bots/{bot_id}/").text


def test_whoever_only_looks_cannot_refresh(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert client.post(f"/admin/bots/{bot_id}/refresh").status_code == 403
    page = client.get(f"/admin/bots/{bot_id}/").text
    assert "Refresh servers" not in page
    assert "Export commands" not in page


def test_the_file_of_all_commands_can_be_read_again(site: Site, add_bot: MakeBot) -> None:
    bot_id, other = add_bot("Fern & Moss"), add_bot("Other")
    with site.unit() as uow:
        for name in ("hello", "roll"):
            store_command(uow.session, bot_id, name)
        store_command(uow.session, other, "secret")
        uow.commit()
    answer = sign_in(site.app).get(f"/admin/bots/{bot_id}/commands/export")
    assert [document.name for document in documents.parse_yaml(answer.data)] == ["hello", "roll"]
    assert 'filename="Fern---Moss-commands.yaml"' in answer.headers["Content-Disposition"]


def test_commands_leave_only_to_whom_may_see_them(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert client.get(f"/admin/bots/{bot_id}/commands/export").status_code == 403


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"Hung up.", "Hello again.", "/hello", "/roll"}),
        ("?level=error", {"Hung up.", "/hello", "/roll"}),
        ("?outcome=failed", {"Hung up.", "Hello again.", "/roll"}),
        ("?q=hello", {"Hello again.", "/hello"}),
        ("?level=nonsense&outcome=%00&q=%00", {"Hung up.", "Hello again.", "/hello", "/roll"}),
    ],
)
def test_the_address_filters_events_and_runs(
    site: Site, add_bot: MakeBot, query: str, seen: set[str]
) -> None:
    bot_id = add_bot()
    rows: list[LogRecord] = [
        make_bot_log(bot_id=bot_id, level=Level.ERROR, message="Hung up."),
        make_bot_log(bot_id=bot_id, level=Level.INFO, message="Hello again."),
        make_command_log(bot_id=bot_id, command_name="hello"),
        make_command_log(bot_id=bot_id, command_name="roll", outcome=Outcome.FAILED),
    ]
    RowStore(site.services.shared.writes).write([make_entry(row) for row in rows])
    page = sign_in(site.app).get(f"/admin/bots/{bot_id}/logs{query}").text
    found = {words for words in ("Hung up.", "Hello again.", "/hello", "/roll") if words in page}
    assert found == seen


def test_filters_that_leave_nothing_say_so(site: Site, add_bot: MakeBot) -> None:
    page = sign_in(site.app).get(f"/admin/bots/{add_bot()}/logs?q=zzz").text
    assert "No event fits" in page
    assert "No run fits" in page
    assert "Clear" in page


def test_the_settings_open_for_nobody_who_can_change_nothing(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    viewer = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert viewer.get(f"/admin/bots/{bot_id}/settings").status_code == 403
    keeper = sign_in(
        site.app, name="Tom", permissions={Permission.BOT_VIEW, Permission.BOT_TOKEN}, bots=[bot_id]
    )
    assert keeper.get(f"/admin/bots/{bot_id}/settings").status_code == 200
