import asyncio
import json
import stat
from pathlib import Path

import aiohttp
import pytest

from socialcube.sandbox.errors import PortInUseError, StateFileDamagedError, StateFileUnwritableError
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api, command
from tests.integration.sandbox.test_rest_commands import GLOBAL


async def test_health_and_home_answer(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{sandbox.origin}/healthz") as health:
        assert await health.json() == {"status": "ok"}
    async with session.get(f"{sandbox.origin}/", allow_redirects=False) as home:
        assert (home.status, home.headers["Location"]) == (302, "/chat")
        assert "frame-ancestors 'none'" in home.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"]
)
@pytest.mark.parametrize("path", ["/", "/api/v10/gateway", "/gateway", "/control/world", "/oauth2/authorize"])
async def test_foreign_host_is_refused_everywhere(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, host: str, path: str
) -> None:
    async with session.get(sandbox.origin + path, headers={"Host": host}) as response:
        assert response.status == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "127.5.5.5", "[::1]:80"])
async def test_names_of_this_machine_are_answered(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, host: str
) -> None:
    async with session.get(f"{sandbox.origin}/healthz", headers={"Host": host}) as response:
        assert response.status == 200


async def test_gateway_address_follows_the_name_that_was_used(sandbox: RunningSandbox, nobody: Api) -> None:
    port = sandbox.origin.rpartition(":")[2]

    answer = await nobody("GET", "/gateway", headers={"Host": f"localhost:{port}"})

    assert answer.value == {"url": f"ws://localhost:{port}/gateway"}


async def test_world_survives_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    state_file = tmp_path / "sandbox.json"
    with RunningSandbox(state_file=state_file) as first:
        made = first.control.create_bot("Beacon", guild_ids=[2001], intents=1 << 15)
        first.control.say("remember", user_id=1001, channel_id=3002)
        registered = await Api(first, session, f"Bot {first.control.bots()['Greenhouse'].token}")(
            "POST", GLOBAL, command()
        )
    with RunningSandbox(state_file=state_file) as second:
        api = Api(second, session, f"Bot {second.control.bots()['Greenhouse'].token}")
        listed = await api("GET", f"{GLOBAL}?with_localizations=true")

        assert second.control.bots()["Beacon"].token == made.token
        assert [item["content"] for item in second.control.messages(3002)] == ["remember"]
        assert listed.value == [registered.value]


def test_state_file_is_private_and_alone(tmp_path: Path) -> None:
    with RunningSandbox(state_file=tmp_path / "sandbox.json"):
        pass

    (only,) = tmp_path.iterdir()
    assert stat.S_IMODE(only.stat().st_mode) == 0o600


def test_state_is_written_while_running(tmp_path: Path) -> None:
    state_file = tmp_path / "sandbox.json"
    with RunningSandbox(state_file=state_file) as running:
        assert json.loads(state_file.read_text())["version"] == 1
        running.control.say("early", user_id=1001, channel_id=3002)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"version": 2}', b'{"version": 1, "state": {"users": 3}}']
)
def test_damaged_state_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    state_file = tmp_path / "sandbox.json"
    state_file.write_bytes(content)

    with (
        pytest.raises(StateFileDamagedError, match="Delete it to start afresh"),
        RunningSandbox(state_file=state_file),
    ):
        pass
    assert state_file.read_bytes() == content


def test_folder_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    state_file = tmp_path / "nowhere" / "sandbox.json"

    with pytest.raises(StateFileUnwritableError, match="cannot write"), RunningSandbox(state_file=state_file):
        pass


def test_port_in_use_is_one_sentence(sandbox: RunningSandbox) -> None:
    port = int(sandbox.origin.rpartition(":")[2])

    with pytest.raises(PortInUseError, match="already in use"), RunningSandbox(port=port):
        pass


async def raw_status(sandbox: RunningSandbox, request: bytes) -> int:
    """Send bytes that no HTTP client would, and give the answer's status."""
    port = int(sandbox.origin.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.mark.parametrize(
    ("line", "header", "status"),
    [
        (b"GET /api/v10/users/@me", b"Authorization: Bot \xff\xfe", 401),
        (b"GET /api/v10/users/@me", b"Authorization: Bot MDAwMDAwMDAwMDAwMDA1MDAx.\xff", 401),
        (b"GET /control/world", b"X-Sandbox-Key: \xff", 403),
        (b"POST /api/v10/interactions/1/%FF/callback", b"X: y", 404),
        (b"POST /api/v10/webhooks/5001/%ED%A0%80", b"X: y", 401),
        (b"GET /oauth2/authorize?client_id=%FF&redirect_uri=%FF", b"X: y", 400),
        (b"GET /api/v10/gateway", b"Host: evil.example", 400),
        (b"GET /attachments/1/%FF", b"X: y", 404),
    ],
)
async def test_bytes_that_are_no_text_are_refused_like_any_other(
    sandbox: RunningSandbox, line: bytes, header: bytes, status: int
) -> None:
    request = line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + header + b"\r\n\r\n"

    assert await raw_status(sandbox, request) == status
