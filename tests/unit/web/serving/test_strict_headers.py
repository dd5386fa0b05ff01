from email.message import Message
from http.client import parse_headers
from io import BytesIO

import pytest

from socialcube.web.serving.strict_headers import find_problem

HOST = ("Host", "panel.example")


def read(*headers: tuple[str, str]) -> Message:
    """Give headers as the server's parser would, whatever is in them."""
    message = Message()
    for name, value in headers:
        message.add_header(name, value)
    return message


@pytest.mark.parametrize(
    "headers",
    [
        [HOST],
        [HOST, ("Content-Length", "12")],
        [HOST, ("Accept", "text/html,\tapplication/xml"), ("Sec-CH-UA-Mobile", "?0")],
        [HOST, ("Cookie", "a=1"), ("Cookie", "b=2")],
    ],
)
def test_clear_requests_pass(headers: list[tuple[str, str]]) -> None:
    assert find_problem(read(*headers), "HTTP/1.1") is None


def test_a_form_with_files_passes() -> None:
    kind = b"Content-Type: multipart/form-data; boundary=----x\r\n"
    lines = b"Host: panel.example\r\n" + kind + b"Content-Length: 9\r\n\r\n"
    assert find_problem(parse_headers(BytesIO(lines)), "HTTP/1.1") is None


@pytest.mark.parametrize("line", [b" folded: first\r\n", b": no name\r\n", b"From nobody\r\n", b"none\r\n"])
def test_lines_that_are_no_headers_are_refused_in_forms_with_files_too(line: bytes) -> None:
    form = b"Host: panel.example\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    lines = line + form if line.startswith(b" ") else form + line
    said = find_problem(parse_headers(BytesIO(lines + b"Content-Length: 9\r\n\r\n")), "HTTP/1.1")
    assert said == "A line among the headers is none."


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([HOST, ("host", "evil.example")], "host came more than once"),
        ([HOST, ("Content-Length", "3"), ("content-length", "3")], "content-length came more than once"),
        ([HOST, ("Transfer-Encoding", "chunked")], "send its length"),
        ([HOST, ("Content-Length", "3"), ("Transfer-Encoding", "chunked")], "send its length"),
        ([HOST, ("transfer-encoding", "xchunked")], "send its length"),
        ([HOST, ("Content-Length", "+3")], "not a number"),
        ([HOST, ("Content-Length", "0x10")], "not a number"),
        ([HOST, ("Content-Length", "3, 3")], "not a number"),
        ([HOST, ("Content-Length", "")], "not a number"),
        ([HOST, ("Content-Length", "³")], "not a number"),
        ([HOST, ("Transfer-Encoding ", "chunked")], "a name that is none"),
        ([HOST, ("X_Forwarded_For", "10.0.0.1")], "a name that is none"),
        ([HOST, ("Content Length", "3")], "a name that is none"),
        ([HOST, ("", "3")], "a name that is none"),
        ([HOST, ("Accept", "text/html\r\n X-Forwarded-For: 10.0.0.1")], "in a second line"),
        ([HOST, ("Accept", "a\rb")], "control characters"),
        ([HOST, ("Accept", "a\x00b")], "control characters"),
        ([("Accept", "*/*")], "host is missing"),
    ],
)
def test_what_two_servers_could_read_differently_is_refused(
    headers: list[tuple[str, str]], said: str
) -> None:
    problem = find_problem(read(*headers), "HTTP/1.1")
    assert problem is not None
    assert said in problem


def test_old_clients_need_no_host_here() -> None:
    assert find_problem(read(), "HTTP/1.0") is None


@pytest.mark.parametrize("version", ["HTTP/0.9", "HTTP/2.0", "", "http/1.1"])
def test_other_versions_are_refused(version: str) -> None:
    assert find_problem(read(HOST), version) == "This is no HTTP/1.1."


@pytest.mark.parametrize("target", ["http://evil.example/", "*", "", "evil.example:443", "admin/"])
def test_a_target_that_names_another_host_is_refused(target: str) -> None:
    assert find_problem(read(HOST), "HTTP/1.1", target) == "The address does not begin with a slash."


@pytest.mark.parametrize("line", [b"Content-Length : 3", b"nonsense", b": nameless", b" folded: first"])
def test_a_line_that_ends_the_headers_early_is_refused(line: bytes) -> None:
    message = parse_headers(BytesIO(line + b"\r\nHost: panel.example\r\nContent-Length: 3\r\n\r\n"))
    assert find_problem(message, "HTTP/1.1") == "A line among the headers is none."
