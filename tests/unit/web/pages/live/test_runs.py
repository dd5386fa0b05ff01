from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import LogRecord, Outcome
from socialcube.kernel.ids import new_id
from tests.factories.bots import make_bot
from tests.factories.logs import make_bot_log, make_command_log, make_error_log
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site


def store(site: Site, *records: LogRecord) -> None:
    RowStore(site.services.shared.writes).write([make_entry(record) for record in records])


def add_bot(site: Site, name: str = "Fern") -> UUID:
    with site.unit() as uow:
        bot = make_bot(uow.session, name=name)
        uow.commit()
        return bot.id


def test_a_failed_run_shows_its_error_and_what_happened_around_it(site: Site) -> None:
    bot_id, now = add_bot(site), site.clock.now()
    run = make_command_log(bot_id=bot_id, occurred_at=now, outcome=Outcome.FAILED, error_message="It broke")
    error = make_error_log(
        bot_id=bot_id, occurred_at=now, trace_id=str(run.event_id), detail="Line 3 of the template."
    )
    event = make_bot_log(bot_id=bot_id, occurred_at=now, kind="resumed", message="The session went on.")
    store(site, run, error, event)
    page = sign_in(site.app).get(f"/admin/runs/{run.event_id}").text
    assert "It broke" in page
    assert "Line 3 of the template." in page
    assert "The session went on." in page


def test_a_run_of_a_foreign_bot_looks_like_one_that_never_was(site: Site) -> None:
    bot_id = add_bot(site)
    run = make_command_log(bot_id=bot_id, occurred_at=site.clock.now())
    store(site, run)
    client = sign_in(site.app, name="Vera", permissions={Permission.LOG_VIEW}, bots=[add_bot(site, "Moss")])
    foreign, absent = client.get(f"/admin/runs/{run.event_id}"), client.get(f"/admin/runs/{new_id()}")
    assert foreign.status_code == absent.status_code == 404
