from typing import TYPE_CHECKING, Any

import pytest

from socialcube.sandbox.chat.errors import BadBodyError, BadFieldError, ForeignPageError
from socialcube.sandbox.chat.guard import (
    LARGEST_BODY,
    check_host,
    check_origin,
    id_field,
    list_field,
    read_body,
    text_field,
)
from tests.support.failures import failure_of

if TYPE_CHECKING:
    from tests.unit.sandbox.chat.support import RequestMaker


@pytest.mark.parametrize("host", ["127.0.0.1:8100", "localhost:8100", "[::1]:8100", "LOCALHOST"])
async def test_loopback_names_are_accepted(make_request: "RequestMaker", host: str) -> None:
    assert failure_of(check_host, make_request("/chat", headers={"Host": host})) is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.4:8100", "[::1"])
async def test_a_foreign_host_name_is_refused(make_request: "RequestMaker", host: str) -> None:
    with pytest.raises(ForeignPageError):
        check_host(make_request("/chat", headers={"Host": host}))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "https://127.0.0.1:8100",
        "http://127.0.0.1:8101",
        "http://127.0.0.1:8100.evil.example",
    ],
)
async def test_only_the_own_page_may_write(make_request: "RequestMaker", origin: str) -> None:
    with pytest.raises(ForeignPageError):
        check_origin(make_request("/chat/ws", headers={"Origin": origin}))


async def test_a_rebound_name_is_refused_although_origin_and_host_agree(make_request: "RequestMaker") -> None:
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    with pytest.raises(ForeignPageError):
        check_origin(make_request("/chat/ws", headers=rebound))


async def test_a_json_object_from_the_own_page_is_read(make_request: "RequestMaker") -> None:
    assert await read_body(make_request("/chat", {"as": "1001"})) == {"as": "1001"}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_what_a_foreign_form_can_send_is_refused(
    make_request: "RequestMaker", content_type: str
) -> None:
    with pytest.raises(BadBodyError, match="application/json"):
        await read_body(make_request("/chat", {"as": "1"}, headers={"Content-Type": content_type}))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_00, "not JSON"),
        (b"[1]", "a JSON object"),
        (b'"text"', "a JSON object"),
    ],
)
async def test_a_body_that_is_no_object_is_refused(
    make_request: "RequestMaker", raw: bytes, reason: str
) -> None:
    with pytest.raises(BadBodyError, match=reason):
        await read_body(make_request("/chat", raw=raw))


async def test_a_huge_body_is_refused_unread(make_request: "RequestMaker") -> None:
    with pytest.raises(BadBodyError, match="too large"):
        await read_body(make_request("/chat", raw=b"x" * (LARGEST_BODY + 1)))


def test_a_text_is_given() -> None:
    assert text_field({"content": "hi"}, "content") == "hi"


@pytest.mark.parametrize("body", [{}, {"content": 3}, {"content": None}, {"content": ["a"]}])
def test_what_is_no_text_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BadFieldError, match="a text"):
        text_field(body, "content")


def test_an_id_is_read_from_digits() -> None:
    assert id_field("1001", "as") == 1001


@pytest.mark.parametrize("value", [None, 1001, "", "-1", "1.5", "\u0661\u0660", "1" * 21, "1001 ", ["1"]])
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(BadFieldError, match="digits"):
        id_field(value, "as")


def test_a_missing_list_is_empty() -> None:
    assert list_field({}, "options") == []


@pytest.mark.parametrize("value", [None, {}, "a", [1], [{}, "a"]])
def test_what_is_no_list_of_objects_is_refused(value: object) -> None:
    with pytest.raises(BadFieldError, match="a list of objects"):
        list_field({"options": value}, "options")
