"""A change that is cut short anywhere leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from socialcube.domain.bots.types import BotIdentity
from tests.security.conftest import Panel, ask
from tests.support.tables import changed, snapshot

COUNTED_OUT: Final = ("user_sessions.last_seen_at", "user_sessions.data", "users.last_seen_at")
TOKEN: Final = "token-of-a-new-bot"
_MOST_STEPS: Final = 60


@contextmanager
def cut_at(engine: Engine, step: int) -> Iterator[list[str]]:
    """Lose the database at the nth statement of a unit that has begun to write, or at its commit.

    Gives the statements that came so far, the commit among them.
    """
    seen: list[str] = []

    def count(statement: str) -> None:
        if not seen and not statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            return
        seen.append(statement)
        if len(seen) == step:
            raise OperationalError(statement, {}, Exception("the database is gone"))

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        count(statement)

    def on_commit(_connection: Any) -> None:
        if seen:
            count("COMMIT")

    event.listen(engine, "before_cursor_execute", on_statement)
    event.listen(engine, "commit", on_commit)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", on_statement)
        event.remove(engine, "commit", on_commit)


def test_asvs_2_3_3_a_bot_is_made_wholly_or_not_at_all(panel: Panel) -> None:
    client = panel.visit()
    panel.site.directory.identities[TOKEN] = BotIdentity(external_id=4711, name="Newcomer")
    engine = panel.site.services.shared.engine
    ask(client, "/admin/")
    before = snapshot(engine, without=COUNTED_OUT)
    for step in range(1, _MOST_STEPS):
        panel.site.limits.tries.clear()
        with cut_at(engine, step) as seen:
            answer = ask(client, "/admin/bots/new/token", "POST", data={"token": TOKEN})
        if len(seen) < step:
            break
        assert answer.status_code in {500, 503}, (step, answer.status_code)
        assert changed(before, snapshot(engine, without=COUNTED_OUT)) == {}, seen[-1]
    assert step > 5
    assert answer.status_code == 303
    came = changed(before, snapshot(engine, without=COUNTED_OUT))
    assert {"bots", "bot_states", "audit_logs"} <= set(came)
