"""Puts the sandbox together as one aiohttp application."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from aiohttp import web

from socialcube.sandbox.chat.routes import add_chat
from socialcube.sandbox.control import routes as control
from socialcube.sandbox.doors import add_headers, guard
from socialcube.sandbox.gateway.broadcast import Broadcast
from socialcube.sandbox.gateway.endpoint import gateway
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.oauth import routes as oauth
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.pictures import routes as pictures
from socialcube.sandbox.rest import api
from socialcube.sandbox.rest.answers import json_answer
from socialcube.sandbox.rest.body import MOST_BYTES
from socialcube.sandbox.storage import Saver
from socialcube.sandbox.world.changes import Change, WorldReset

_LOOK_EVERY: Final = 0.1
_EXIT_LOOP_DIED: Final = 70  # EX_SOFTWARE of sysexits.h
_log = logging.getLogger(__name__)


def build_app(parts: Parts, *, state_file: Path | None = None, panel_url: str = "") -> web.Application:
    """Build the server around its parts.

    Args:
        parts: what it works on.
        state_file: where the world is kept; None forgets it at the end.
        panel_url: address of the panel, for the chat page's link.

    Raises:
        StateFileUnwritableError: the state file cannot be written.
    """
    app = web.Application(middlewares=[guard], client_max_size=MOST_BYTES)
    app[PARTS] = parts
    app.on_response_prepare.append(add_headers)
    app.add_routes(
        [
            web.get("/", _home),
            web.get("/healthz", _health),
            web.get("/attachments/{channel_id}/{attachment_id}", _attachment),
            web.get("/gateway", gateway),
            web.get("/gateway/resume", gateway),
            *pictures.routes(),
            *oauth.routes(),
            *control.routes(),
            # Last, for it ends with a route that refuses everything below /api.
            *api.routes(),
        ]
    )
    add_chat(app, parts.world, panel_url=panel_url)
    parts.world.feed.subscribe(Broadcast(parts.world, parts.hub).tell)
    parts.world.feed.subscribe(lambda change: _forget_people(parts, change))
    saver = Saver(parts.world, state_file) if state_file else None
    app.cleanup_ctx.append(lambda _app: _background(parts, saver))
    app.on_shutdown.append(_close_gateway)
    return app


async def _background(parts: Parts, saver: Saver | None) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_look_after(parts))]
    if saver is not None:
        tasks.append(asyncio.create_task(saver.run()))
    for task in tasks:
        task.add_done_callback(_end_if_dead)
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
    if saver is not None:
        saver.save()


async def _look_after(parts: Parts) -> None:
    """Let time run out for interactions and connections."""
    while True:
        parts.world.interactions.expire()
        parts.hub.watch()
        await asyncio.sleep(_LOOK_EVERY)


def _end_if_dead(task: asyncio.Task[None]) -> None:
    """End the process when a loop died: without it interactions would hang and changes be lost in silence."""
    if not task.cancelled() and task.exception() is not None:
        _log.critical("A loop of the sandbox died.", exc_info=task.exception())
        raise SystemExit(_EXIT_LOOP_DIED)


async def _close_gateway(app: web.Application) -> None:
    app[PARTS].hub.close_all()


def _forget_people(parts: Parts, change: Change) -> None:
    if isinstance(change, WorldReset):
        parts.grants.clear()


async def _home(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "/chat"})


async def _health(_request: web.Request) -> web.StreamResponse:
    return json_answer({"status": "ok"})


async def _attachment(request: web.Request) -> web.StreamResponse:
    """Give a file that came with a message. As a download, for it may be a page with a script."""
    text = request.match_info["attachment_id"]
    found = request.app[PARTS].attachments.find(int(text)) if text.isascii() and text.isdecimal() else None
    if found is None:
        # The newest few are kept, and none over a restart.
        return web.Response(status=404, text="This file is no longer kept.\n")
    headers = {"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}
    if found.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}:
        headers = {"Content-Disposition": "inline", "Content-Type": found.content_type}
    return web.Response(body=found.content, headers=headers)
