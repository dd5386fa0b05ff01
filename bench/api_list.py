"""Requests a second for a list of the API, everything on, against the same JSON from bare Flask and Core.

Ours checks a key, asks what it may see, counts against its limit in a real Valkey, and logs the request.
Both are called as WSGI applications, so that no client and no socket hides the difference.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import EnvironBuilder

import config
from bench.pairs import Pair, compare, per_second
from bench.peers import bare_api
from socialcube.db import schema
from socialcube.db.session import create_engine
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.api_keys import service as api_keys
from socialcube.kernel.secrets import Secret
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from tests.factories.accounts import make_user
from tests.factories.bots import make_bot
from tests.factories.logs import make_command_log
from tests.factories.settings import make_environ
from tests.support.valkey import RunningValkey

ROWS = 10_000
REQUESTS = 300
PATH = "/api/v1/command-logs"
LIMIT = 50


def measure() -> Pair:
    """Measure both, and look whether they gave the same rows and whether each request was logged."""
    with tempfile.TemporaryDirectory() as folder, RunningValkey() as valkey:
        app, key = _furnish(Path(folder), valkey)
        services = services_of(app)
        bare = bare_api.make_app(services.shared.engine)
        environ, plain = _environ(key), _environ("")
        _assert_same(_call(app, environ), _call(bare, plain))
        asked = 1

        def ours() -> float:
            nonlocal asked
            asked += REQUESTS
            return per_second(lambda: _many(app, environ), REQUESTS)

        pair = compare(
            "P6 API list, requests/s",
            ours,
            lambda: per_second(lambda: _many(bare, plain), REQUESTS),
            target=">= 0.85",
        )
        services.close()
        assert _count_requests(folder) == asked, "a request was not logged, or twice"
    note = f"{pair.note}; SQLite, {ROWS:,} rows, {LIMIT} a page; lost 0, doubled 0 of {asked:,} log rows"
    return Pair(pair.name, pair.ours, pair.raw, pair.ratios, pair.target, note)


def _furnish(folder: Path, valkey: RunningValkey) -> tuple[Flask, str]:
    url = Secret(f"sqlite:///{folder}/api.db")
    engine = create_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    app = create_app(
        config.load_settings(
            make_environ(
                DATABASE_URL=url.reveal(),
                VAR_DIR=str(folder / "var"),
                REDIS_URL=valkey.url.reveal(),
                API_REQUESTS_PER_MINUTE="1000000",
            )
        )
    )
    services = services_of(app)
    services.start()
    with services.shared.unit_of_work() as uow:
        bot_id = make_bot(uow.session).id
        user_id = make_user(uow, role=BuiltInRole.OWNER).id
        actor = Actor("user", str(user_id))
        _, key = api_keys.make_key(
            uow, actor, services.keys.peppers, user_id=user_id, name="bench", scopes=[Permission.LOG_VIEW]
        )
        uow.commit()
    now = datetime.now(UTC)
    for number in range(ROWS):
        services.sink.put(make_command_log(bot_id=bot_id, occurred_at=now - timedelta(seconds=number)))
    assert services.sink.flush(120), "the rows were not stored"
    return app, key.reveal()


def _environ(key: str) -> dict[str, Any]:
    headers = [("Authorization", f"Bearer {key}")] if key else []
    return EnvironBuilder(path=PATH, query_string={"limit": str(LIMIT)}, headers=headers).get_environ()


def _many(app: Flask, environ: dict[str, Any]) -> None:
    for _ in range(REQUESTS):
        _call(app, environ)


def _call(app: Flask, environ: dict[str, Any]) -> bytes:
    statuses: list[str] = []

    def start(status: str, *_: object) -> Any:
        statuses.append(status)

    with _closed(app.wsgi_app(dict(environ), start)) as parts:
        body = b"".join(parts)
    assert statuses == ["200 OK"], statuses
    return body


@contextmanager
def _closed(answer: Any) -> Iterator[Any]:
    try:
        yield answer
    finally:
        getattr(answer, "close", lambda: None)()


def _assert_same(ours: bytes, bare: bytes) -> None:
    assert json.loads(ours)["items"] == json.loads(bare)["items"], "the two do not give the same JSON"


def _count_requests(folder: str) -> int:
    engine = create_engine(Secret(f"sqlite:///{folder}/api.db"))
    with engine.connect() as connection:
        found: int = connection.execute(
            text("SELECT count(DISTINCT event_id) FROM request_logs")
        ).scalar_one()
    engine.dispose()
    return found


if __name__ == "__main__":
    pair = measure()
    print(f"{pair.name}: {pair.ours:.0f} / {pair.raw:.0f} = {pair.ratio:.2f}; {pair.note}")
