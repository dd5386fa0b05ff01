"""One installation for fleet tests: a database with today's tables, keys, and runners as real processes."""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from socialcube.db.session import create_engine, read_sessions, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import BotIdentity, BotView, DesiredState
from socialcube.domain.commands import documents
from socialcube.domain.commands import service as commands
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import Bot
from tests.support import warm
from tests.support.migrated import migrated_file
from tests.support.warm import Started

PROJECT: Final = Path(__file__).resolve().parents[2]
HELLO: Final = """
schema: 1
name: hello
description: Says hello
options:
  - {name: who, type: string, description: Whom to greet}
steps:
  - id: greet
    type: reply
    params: {text: "Hello {{ options.who | default: user.display_name }}!"}
"""
_ACTOR: Final = Actor.system("tests")


class Installation:
    """What one database and its runners need.

    Args:
        folder: for `var/` and what the runners print.
        database_url: of an SQLite file that is made here, or of a PostgreSQL database with all tables.
        api_base_url: of the sandbox.
        redis_url: of a server, or of none.
    """

    def __init__(
        self, folder: Path, database_url: str, api_base_url: str, redis_url: str = "redis://127.0.0.1:1/0"
    ) -> None:
        self.folder = folder
        self.var = folder / "var"
        (self.var / "keys").mkdir(parents=True)
        key = X25519PrivateKey.generate()
        self.key_file = self.var / "keys" / "opening.key"
        self.key_file.write_text("test:" + base64.b64encode(key.private_bytes_raw()).decode())
        self.key_file.chmod(0o600)
        self._public_key = "test:" + base64.b64encode(key.public_key().public_bytes_raw()).decode()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "SOCIALCUBE_ENV": "development",
            "VAR_DIR": str(self.var),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_SEALING_KEYS": self._public_key,
            "DISCORD_API_BASE_URL": api_base_url,
            "DISCORD_CDN_URL": api_base_url.removesuffix("/api/v10"),
            "BOT_LEASE_SECONDS": "6",
            "BOT_RENEW_SECONDS": "1",
            "BOT_RECONCILE_SECONDS": "0.5",
            "BOT_DRAIN_SECONDS": "3",
        }
        self.engine: Engine = create_engine(
            Secret(database_url.replace("postgresql://", "postgresql+psycopg2://"))
        )
        if self.engine.dialect.name == "sqlite":
            shutil.copy(migrated_file(), Path(str(self.engine.url.database)))
        self.runners: dict[str, Started] = {}

    def add_bot(self, bot: Bot, *yaml: str, start: bool = True, token: str = "", intents: int = 1) -> UUID:
        """Create a bot with these commands published, and start it."""
        identity = BotIdentity(external_id=int(bot.id), name=bot.name)
        sealer = HPKETokenSealer([self._public_key])
        with self.unit() as uow:
            bot_id = bot_service.create_bot(
                uow,
                _ACTOR,
                sealer,
                identity=identity,
                token=Secret(token or bot.token),
                intents=intents,
            )
            self._publish(uow, bot_id, yaml)
            if start:
                bot_service.set_desired_state(uow, _ACTOR, bot_id, DesiredState.RUNNING)
            uow.commit()
        return bot_id

    def publish(self, bot_id: UUID, *yaml: str) -> None:
        """Import and publish commands."""
        with self.unit() as uow:
            self._publish(uow, bot_id, yaml)
            uow.commit()

    def wish(self, bot_id: UUID, state: DesiredState) -> None:
        """Start or stop a bot."""
        with self.unit() as uow:
            bot_service.set_desired_state(uow, _ACTOR, bot_id, state)
            uow.commit()

    def view(self, bot_id: UUID) -> BotView:
        """Give what is known of a bot."""
        with self.reading() as session:
            return bots.get_bot(session, bot_id)

    def rows(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """Give rows of a plain SELECT."""
        with self.reading() as session:
            return [dict(row) for row in session.execute(text(statement), values).mappings()]

    def execute(self, statement: str, **values: object) -> None:
        """Change rows behind everybody's back."""
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def kinds(self, bot_id: UUID) -> list[str]:
        """Give the kinds of the bot's log, oldest first."""
        kind = bot_id if self.engine.dialect.name == "postgresql" else bot_id.hex
        return [
            row["kind"]
            for row in self.rows("SELECT kind FROM bot_logs WHERE bot_id = :bot ORDER BY id", bot=kind)
        ]

    def unit(self) -> UnitOfWork:
        """Open a unit that writes."""
        return UnitOfWork(write_sessions(self.engine)())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that reads."""
        with read_sessions(self.engine)() as session:
            yield session

    def start_runner(self, name: str = "bots", **environment: str) -> Started:
        """Start `bot_runner.py`."""
        log = self.folder / f"{name}.log"
        process = warm.start(["bot_runner.py"], self.environment | environment, log, own_session=False)
        self.runners[name] = process
        return process

    def run_runner(self, **environment: str) -> tuple[int, str]:
        """Start a runner that is expected to end by itself. Gives its exit code and what it printed."""
        code = self.start_runner("short", **environment).wait(timeout=60)
        return code, (self.folder / "short.log").read_text(errors="replace")

    def wait(self, holds: Callable[[], object], what: str, seconds: float = 60.0) -> float:
        """Wait until something holds. Gives the seconds it took."""
        started = time.monotonic()
        while not holds():
            passed = time.monotonic() - started
            assert passed < seconds, f"{seconds} s passed before {what}\n{self.logs()}"
            time.sleep(0.05)
        return time.monotonic() - started

    def logs(self) -> str:
        """Give the last lines that each runner printed."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {file.stem}\n{file.read_text(errors='replace')[-4000:]}" for file in files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.runners.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.runners.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.engine.dispose()

    @staticmethod
    def _publish(uow: UnitOfWork, bot_id: UUID, files: tuple[str, ...]) -> None:
        for file in files:
            found = documents.parse_yaml(file)
            commands.import_commands(uow, _ACTOR, bot_id, found)
            for document in found:
                commands.publish(uow, _ACTOR, bot_id, document.name)
