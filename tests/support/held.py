"""Somebody who may read and export the logs of one bot, and all doors that this opens to them."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final
from uuid import UUID

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.jobs.models import JobFile
from socialcube.domain.jobs.queries import get_job
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.web.context import services_of
from tests.factories.api_keys import make_api_key
from tests.factories.bots import make_bot
from tests.factories.jobs import make_job
from tests.support.live import Browser, LiveSite, Socket, sign_in

ALL_DOORS: Final = frozenset({"panel", "file", "api", "socket", "export"})
_ROLE: Final = [Permission.BOT_VIEW, Permission.LOG_VIEW, Permission.LOG_EXPORT, Permission.APIKEY_MANAGE]
_ROOT: Final = Actor.system("tests")


@dataclass
class Held:
    """What somebody has who may read and export the logs of one bot, by a role on a group.

    Attributes:
        file: address of a finished export.
        running: an export that a worker is writing.
    """

    browser: Browser
    bot_id: UUID
    group_id: UUID
    role_id: UUID
    grant_id: UUID
    key_id: UUID
    key: str
    file: str
    running: UUID

    def open_doors(self, site: LiveSite, socket: Socket) -> set[str]:
        """Name what is open to them at this moment."""
        panel = get(site, f"/admin/bots/{self.bot_id}/logs", Cookie=self.browser.cookie)
        fetched = get(site, self.file, Cookie=self.browser.cookie)
        api = get(site, f"/api/v1/bots/{self.bot_id}", Authorization=f"Bearer {self.key}")
        is_listening = not socket.is_cut.is_set() and not [
            kind for kind, _ in socket.heard if kind == "again"
        ]
        with site.services.reads() as session:
            is_written = get_job(session, self.running).state is JobState.RUNNING
        doors = {
            "panel": panel == 200,
            "file": fetched == 200,
            "api": api == 200,
            "socket": is_listening,
            "export": is_written,
        }
        return {name for name, is_open in doors.items() if is_open}


def furnish(site: LiveSite) -> Held:
    """Give somebody a role on a group, with all that follows from it."""
    browser, peppers = sign_in(site.services), services_of(site.app).keys.peppers
    asker, now = Actor.user(browser.user_id), site.services.clock.now()
    with site.services.unit_of_work() as uow:
        bot_id = make_bot(uow.session).id
        group_id = accounts.create_group(uow, _ROOT, name="Client", bot_ids=[bot_id])
        role_id = accounts.create_role(uow, _ROOT, name="Night", permissions=_ROLE)
        grant_id = accounts.grant_role(
            uow, _ROOT, user_id=browser.user_id, role_id=role_id, group_id=group_id
        )
        view, key = make_api_key(uow, browser.user_id, peppers=peppers)
        payload = {"source": "logs.commands"}
        facts = {"kind": JobKind.EXPORT, "asked_by": str(asker), "payload": payload}
        scope = {"is_all": False, "bot_ids": [str(bot_id)]}
        done = make_job(
            uow.session,
            state=JobState.DONE,
            finished_at=now,
            result={"name": "a.csv", "bytes": 4, "rows": 1, "scope": scope},
            **facts,
        )
        uow.session.add(JobFile(job_id=done.id, number=0, data=b"name"))
        running = make_job(uow.session, **facts)
        uow.commit()
        return Held(
            browser,
            bot_id,
            group_id,
            role_id,
            grant_id,
            key_id=view.id,
            key=key,
            file=f"/admin/files/{done.id}",
            running=running.id,
        )


def endless(is_over: threading.Event) -> Iterator[list[list[object]]]:
    """Give a row now and then, like a log in which next to nothing matches."""
    while not is_over.wait(0.05):
        yield [["x"]]


def get(site: LiveSite, path: str, **headers: str) -> int:
    """Ask for a page, and follow nowhere. Gives the status."""
    connection = HTTPConnection("127.0.0.1", site.services.settings.web.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


async def until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Wait until a condition holds; what it asks may take its time."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - what changes is in another thread
            await asyncio.sleep(0.05)
