"""Starts everything on this machine: folder, migrations, processes. Ends it all at Ctrl-C."""

import os
import signal
import socket
import sys
from pathlib import Path

import config
from bin.lib import parent_watch, supervisor, var_folder
from bin.lib.guard import Guard
from bin.lib.plain_errors import fail, plain_errors
from bin.lib.procfile import read_procfile
from bin.lib.readiness import Readiness
from bin.lib.release import prepare_database
from bin.lib.run_lock import announce, only_one
from socialcube.kernel.settings import Settings

_EXIT_TERMINATED = 143


def main() -> int:
    """Run until asked to stop. Gives the exit code: 0 after a signal, 1 when a process ended by itself."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_EXIT_TERMINATED))
    var = config.var_folder(os.environ)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(var / "run.lock") as lock:
        with config.exit_on_bad_settings():
            var_folder.prepare(var)
            environ = _environment(var)
            settings = config.load_settings(environ)
        announce(lock, pid=os.getpid(), url=settings.web.public_url)
        _require_free_ports(settings)
        guard = Guard()
        try:
            hint = prepare_database(settings, environ)
            return _run(settings, environ, guard, hint)
        finally:
            guard.finish()
            lock.truncate(0)


def _environment(var: Path) -> dict[str, str]:
    """Give what every process gets: var/.env, over it this environment, and the programs of .venv first."""
    environ = config.read_env_file(var / ".env") | os.environ
    programs = str(Path(sys.executable).parent)
    environ["PATH"] = os.pathsep.join([programs, environ.get("PATH", "")])
    environ["PYTHONUNBUFFERED"] = "1"
    return environ


def _require_free_ports(settings: Settings) -> None:
    web = settings.web
    if not _is_free(web.host, web.port):
        other = var_folder.free_port()
        fail(f"Port {web.port} is in use. Stop what uses it, or take another: PORT={other} make run")
    if settings.sandbox and not _is_free("127.0.0.1", settings.sandbox.port):
        fail(
            f"The sandbox's port {settings.sandbox.port} is in use. Stop what uses it, or start a new "
            f"sandbox: remove SANDBOX_PORT from {settings.var_dir / '.env'}, and sandbox.db beside it."
        )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            fail(f"Port {port} is reserved for the administrator. Take one above 1023: PORT=5001 make run")
        except OSError:
            return False
    return True


def _run(settings: Settings, environ: dict[str, str], guard: Guard, hint: str) -> int:
    commands = read_procfile(config.PROJECT / "Procfile.dev")
    if settings.embedded_redis is None:
        del commands["redis"]
    if settings.sandbox is None:
        del commands["sandbox"]
    manager = supervisor.Supervisor(guard)
    manager.add_all(commands, environ)
    supervisor.stop_on_hangup()
    parent_watch.stop_with_make()
    Readiness(settings, environ, guard, hint).start()
    manager.loop()
    if manager.first_stopped is None:
        return 0
    print(_farewell(*manager.first_stopped))
    return 1


def _farewell(name: str, code: int) -> str:
    """Say why everything was stopped: `make run` is one system, and half of it would only confuse."""
    if code < 0:
        return (
            f"{name} was killed from outside (signal {-code}), or for want of memory, so everything was "
            "stopped. Start again with: make run"
        )
    return f"{name} ended by itself (exit code {code}), so everything was stopped. Its lines above say why."


if __name__ == "__main__":
    with plain_errors():
        raise SystemExit(main())
