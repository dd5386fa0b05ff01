"""A sandbox in a background thread, for tests and benches."""

import asyncio
import contextlib
import secrets
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import ControlClient
from socialcube.sandbox.errors import PortInUseError
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.parts import assemble
from socialcube.sandbox.server import build_app
from socialcube.sandbox.storage import load
from socialcube.sandbox.world.world import World

CLIENT_ID: Final = 6001
_START_SECONDS: Final = 10.0


class RunningSandbox:
    """A sandbox on a free loopback port while the context lasts.

    Args:
        port: TCP port; 0 lets the system choose.
        state_file: where the world is kept; None begins fresh and forgets.
        redirect_uris: addresses to which the sign-in application may send people back.
        clock: tells the time; windows follow it, background tasks follow the real one.
        limits: Discord's limits, or others.

    Attributes:
        origin: like `http://127.0.0.1:40123`.
        api_base_url: what `DISCORD_API_BASE_URL` is set to, like `<origin>/api/v10`.
        client_id: the sign-in application's id.
        client_secret: its secret.
        control: the control door, with typed methods.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        redirect_uris: tuple[str, ...] = (),
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._port = port
        self._state_file = state_file
        self._redirect_uris = list(redirect_uris)
        self._clock = clock
        self._limits = limits
        self._control_key = Secret(secrets.token_urlsafe(32))
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        # A daemon, so that a test which dies inside the context cannot keep the process alive.
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self.client_id = str(CLIENT_ID)
        self.client_secret = secrets.token_urlsafe(24)
        self.origin = ""

    @property
    def api_base_url(self) -> str:
        """Give the REST root with its version."""
        return f"{self.origin}/api/v10"

    @property
    def authorize_url(self) -> str:
        """Give the consent page's address."""
        return f"{self.origin}/oauth2/authorize"

    @property
    def token_url(self) -> str:
        """Give the token endpoint's address."""
        return f"{self.origin}/api/oauth2/token"

    @property
    def control(self) -> ControlClient:
        """Give the control door."""
        return ControlClient(self.origin, self._control_key)

    def __enter__(self) -> Self:
        """Start, or raise what kept it from starting."""
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop and wait until everything is closed."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_START_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except (SocialCubeError, OSError) as error:
            self._failure = error
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        world = World(self._clock, self._limits, load(self._state_file) if self._state_file else None)
        world.applications.ensure_client(CLIENT_ID, "Social Cube", self.client_secret, self._redirect_uris)
        runner = make_runner(build_app(assemble(world, self._control_key), state_file=self._state_file))
        await runner.setup()
        try:
            port = await listen(runner, "127.0.0.1", self._port)
            self.origin = f"http://127.0.0.1:{port}"
            self._ready.set()
            await self._stop.wait()
        finally:
            await runner.cleanup()


def make_runner(app: web.Application) -> web.AppRunner:
    """Give a runner that stops quickly, and does not write a line per request."""
    return web.AppRunner(app, access_log=None, shutdown_timeout=2.0)


async def listen(runner: web.AppRunner, host: str, port: int) -> int:
    """Bind and serve. Gives the port.

    Raises:
        PortInUseError: it cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortInUseError(host=host, port=port, reason=(error.strerror or "refused").lower()) from None
    await web.SockSite(runner, bound).start()
    return int(bound.getsockname()[1])
