"""What audit and policy cost a page and a change: the same requests with both switched off, here alone.

Off means: whoever asks may do everything, nobody reads what was granted, and nothing is recorded.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

import config
from bench.pairs import Pair, compare
from socialcube.db.session import create_engine, read_sessions
from socialcube.domain.access import policy
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.types import DesiredState
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from tests.factories.bots import make_bot
from tests.factories.settings import make_environ
from tests.support.postgres import Cluster, run_name
from tests.support.signing_in import SignedInClient, sign_in
from tests.support.valkey import RunningValkey

REQUESTS = 20
BOTS = 50
_FOUND, _DONE = 200, 303


def measure() -> list[Pair]:
    """Measure milliseconds for a page and for a change, and check the log that the changes left."""
    cluster = Cluster(f"bench-{run_name()}")
    with (
        cluster.migrated_database() as url,
        RunningValkey() as valkey,
        tempfile.TemporaryDirectory() as folder,
    ):
        app = create_app(
            config.load_settings(
                make_environ(
                    DATABASE_URL=url.reveal(), VAR_DIR=str(Path(folder)), REDIS_URL=valkey.url.reveal()
                )
            )
        )
        client = sign_in(app)
        services = services_of(app)
        services.start()
        with services.shared.unit_of_work() as uow:
            ids = [
                make_bot(uow.session, name=f"Bot {number}", desired_state=DesiredState.RUNNING).id
                for number in range(BOTS)
            ]
            uow.commit()
        owner = Actor.user(client.person.user.id, frozenset(Permission))
        page = _pair("P8 page, audit and policy, ms", lambda: _get(client, "/admin/bots/"), owner)
        change = _pair(
            "P8 change, audit and policy, ms", lambda: _post(client, f"/admin/bots/{ids[0]}/restart"), owner
        )
        services.close()
        _check(url, services.shared.audit_keys)
    return [page, change]


def _pair(name: str, ask: Callable[[], None], owner: Actor) -> Pair:
    def off() -> float:
        with _switched_off(owner):
            return _milliseconds(ask)

    return compare(name, lambda: _milliseconds(ask), off, target="<= 1.05", note="PostgreSQL")


@contextmanager
def _switched_off(owner: Actor) -> Iterator[None]:
    """Let every decision be a yes that costs nothing, and every record nothing at all."""
    answers: dict[Callable[..., Any], Callable[..., Any]] = {
        policy.can: _yes,
        policy.require: _nothing,
        policy.scope: _everything,
        policy.can_anywhere: _yes,
    }
    kept = {function: function.__code__ for function in answers}
    policy.__dict__["_EVERYTHING_FOR_BENCH"] = Scope(is_all=True)
    try:
        # Other modules hold these functions by name, so what they do is changed instead of which they are.
        for function, answer in answers.items():
            function.__code__ = answer.__code__
        with (
            patch.object(audit, "record", _nothing),
            patch.object(accounts, "load_actor", lambda *_: owner),
        ):
            yield
    finally:
        for function, code in kept.items():
            function.__code__ = code
        del policy.__dict__["_EVERYTHING_FOR_BENCH"]


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _everything(*_: Any, **__: Any) -> Any:
    return _EVERYTHING_FOR_BENCH  # type: ignore[name-defined] # noqa: F821 - found in the policy's own module


def _milliseconds(ask: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _ in range(REQUESTS):
        ask()
    return (time.perf_counter() - started) * 1000 / REQUESTS


def _get(client: SignedInClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == _FOUND, answer.status
    assert answer.text.count("data-row=") == BOTS, "bots are missing on the page"


def _post(client: SignedInClient, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == _DONE, answer.status


def _check(url: Secret, keys: SigningKeys) -> None:
    """Look whether each counted change left one entry, and the chain holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM audit_logs WHERE action = 'bot.restart'")
        ).scalar_one()
    assert found == REQUESTS * 10, f"{found} entries"
    assert audit.verify(read_sessions(engine), keys).is_sound
    engine.dispose()


if __name__ == "__main__":
    for each in measure():
        print(f"{each.name}: {each.ours:.2f} / {each.raw:.2f} = {each.ratio:.3f}")
