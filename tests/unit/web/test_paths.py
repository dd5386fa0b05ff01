import pytest
from flask import Flask

from socialcube.web.paths import local_path, wants_json


@pytest.mark.parametrize("text", ["/", "/admin/", "/admin/?a=b&c=%2F%2Fd", "/ü", "/a//b", "/a#b", "/@evil"])
def test_paths_of_this_site_are_followed(text: str) -> None:
    assert local_path(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "admin",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/admin\\..",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "/ /evil.example",
        "/\x00",
        "/\x7f",
        "\t//evil.example",
        " //evil.example",
        "/" + "a" * 2000,
    ],
)
def test_everything_else_is_refused(text: str | None) -> None:
    assert local_path(text) is None


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/api/v1/bots", "text/html", True),
        ("/healthz", "*/*", True),
        ("/admin/", "text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("/admin/", "*/*", False),
        ("/admin/", "application/json", True),
    ],
)
def test_programs_are_told_from_browsers(path: str, accept: str, expected: bool) -> None:
    with Flask("test").test_request_context(path, headers={"Accept": accept}):
        assert wants_json() is expected
