import pytest

from socialcube.web.serving.strict_headers import find_problem

HOST = ("Host", "panel.example")


@pytest.mark.parametrize(
    "headers",
    [
        [HOST],
        [HOST, ("Content-Length", "12")],
        [HOST, ("Transfer-Encoding", "chunked")],
        [HOST, ("Cookie", "a=1"), ("Cookie", "b=2")],
    ],
)
def test_clear_requests_pass(headers: list[tuple[str, str]]) -> None:
    assert find_problem(headers, "HTTP/1.1") is None


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([HOST, ("host", "evil.example")], "host came more than once"),
        ([HOST, ("Content-Length", "3"), ("content-length", "3")], "content-length came more than once"),
        ([HOST, ("Transfer-Encoding", "chunked")] * 2, "came more than once"),
        ([HOST, ("Transfer-Encoding", "xchunked")], "not chunked"),
        ([HOST, ("Transfer-Encoding", "gzip, chunked")], "not chunked"),
        ([HOST, ("Content-Length", "+3")], "not a number"),
        ([HOST, ("Content-Length", "0x10")], "not a number"),
        ([HOST, ("Content-Length", "3, 3")], "not a number"),
        ([HOST, ("Content-Length", "")], "not a number"),
        ([HOST, ("Content-Length", "³")], "not a number"),
        ([HOST, ("Transfer-Encoding ", "chunked")], "has a space"),
        ([("Accept", "*/*")], "host is missing"),
    ],
)
def test_what_two_servers_could_read_differently_is_refused(
    headers: list[tuple[str, str]], said: str
) -> None:
    problem = find_problem(headers, "HTTP/1.1")
    assert problem is not None
    assert said in problem


def test_old_clients_need_no_host_here() -> None:
    assert find_problem([], "HTTP/1.0") is None
