from pathlib import Path

from bin.lib.embedded_redis import configuration
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import EmbeddedRedisSettings

SOCKET = Path("/srv/var/redis.sock")
DATA = Path("/srv/var/redis")


def test_on_a_socket_only_its_owner_gets_in_and_no_port_is_open() -> None:
    lines = configuration(EmbeddedRedisSettings(SOCKET, 0, Secret("")), DATA).splitlines()
    assert {"port 0", 'unixsocket "/srv/var/redis.sock"', "unixsocketperm 600"} <= set(lines)


def test_on_a_port_a_password_is_asked_for_on_loopback() -> None:
    lines = configuration(EmbeddedRedisSettings(SOCKET, 16000, Secret("pass")), DATA).splitlines()
    assert {"bind 127.0.0.1", "port 16000", 'requirepass "pass"'} <= set(lines)
    assert not [line for line in lines if line.startswith("unixsocket")]


def test_nothing_is_evicted_or_stored() -> None:
    lines = configuration(EmbeddedRedisSettings(SOCKET, 0, Secret("")), DATA).splitlines()
    assert {"maxmemory-policy noeviction", 'save ""', "appendonly no"} <= set(lines)
