"""The door of the sandbox, `python -m socialcube.sandbox`: settings in, serve, stop on a signal."""

import asyncio
import signal
import sys

from config import exit_on_bad_settings, load_settings
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.settings import SandboxSettings, Settings
from socialcube.sandbox.errors import ClientIdNotNumericError, NotConfiguredError, NotLoopbackError
from socialcube.sandbox.hosts import is_loopback
from socialcube.sandbox.parts import Parts, assemble
from socialcube.sandbox.running import listen, make_runner
from socialcube.sandbox.server import build_app
from socialcube.sandbox.storage import load
from socialcube.sandbox.world.world import World


def main() -> int:
    """Serve until a signal comes. Gives the exit code; what kept it from serving is one sentence."""
    with exit_on_bad_settings():
        settings = load_settings()
    try:
        asyncio.run(serve(settings))
    except SocialCubeError as error:
        sys.stderr.write(f"{error.message}\n")
        return _EXIT_CANNOT_START
    return 0


async def serve(settings: Settings) -> None:
    """Serve the sandbox of these settings.

    Raises:
        NotConfiguredError: the settings have no sandbox.
        NotLoopbackError: the address to bind is reachable from other machines.
        PortInUseError, StateFileDamagedError, StateFileUnwritableError: port or state file cannot be used.
    """
    sandbox = _checked(settings.sandbox)
    state_file = settings.var_dir / "sandbox.json"
    world = World(state=load(state_file))
    parts = _parts(world, settings, sandbox)
    runner = make_runner(build_app(parts, state_file=state_file, panel_url=settings.web.public_url))
    await runner.setup()
    try:
        port = await listen(runner, sandbox.host, sandbox.port)
        sys.stdout.write(f"Sandbox Discord listens on http://{_shown(sandbox.host)}:{port}\n")
        sys.stdout.flush()
        await _until_signal()
    finally:
        await runner.cleanup()


def _parts(world: World, settings: Settings, sandbox: SandboxSettings) -> Parts:
    """Make the sign-in application known with every address that the panel may have, then assemble."""
    client_id = settings.discord.client_id
    if client_id:
        if not (client_id.isascii() and client_id.isdecimal()):
            raise ClientIdNotNumericError(client_id=client_id)
        local = [f"http://{name}:{settings.web.port}" for name in ("127.0.0.1", "localhost")]
        callbacks = [base + _CALLBACK for base in dict.fromkeys([settings.web.public_url, *local])]
        secret = settings.discord.client_secret.reveal()
        world.applications.ensure_client(int(client_id), "Social Cube", secret, callbacks)
    return assemble(world, sandbox.control_key)


def _checked(sandbox: SandboxSettings | None) -> SandboxSettings:
    if sandbox is None:
        raise NotConfiguredError
    if not is_loopback(sandbox.host):
        raise NotLoopbackError(host=sandbox.host)
    return sandbox


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _until_signal() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


# Flask-Dance's default: blueprint name and "authorized" below its prefix.
_CALLBACK = "/login/discord/authorized"
_EXIT_CANNOT_START = 69  # EX_UNAVAILABLE of sysexits.h

if __name__ == "__main__":
    sys.exit(main())
