from http.cookies import SimpleCookie

import pytest
from flask import Response

from socialcube.web.auth.cookies import cookie_for, make_token, read_token


def sent(url: str, seconds: int | None = None) -> tuple[str, SimpleCookie]:
    answer = Response()
    cookie_for(url).set(answer, make_token(), seconds)
    return cookie_for(url).name, SimpleCookie(answer.headers["Set-Cookie"])


def test_asvs_3_3_1_over_https_no_neighbour_can_plant_or_read_it() -> None:
    name, cookies = sent("https://panel.example", 60)
    cookie = cookies[name]
    assert name == "__Host-sc"
    assert cookie["secure"] is True
    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == "60"


def test_on_loopback_it_travels_over_http() -> None:
    name, cookies = sent("http://127.0.0.1:5000")
    cookie = cookies[name]
    assert name == "sc"
    assert not cookie["secure"]
    assert cookie["httponly"] is True
    assert cookie["max-age"] == ""


def test_it_is_deleted_under_the_same_conditions() -> None:
    answer = Response()
    cookie_for("https://panel.example").delete(answer)
    header = answer.headers["Set-Cookie"]
    for word in ("__Host-sc=;", "Max-Age=0", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in header


def test_asvs_7_2_3_tokens_have_256_bits_and_differ() -> None:
    tokens = {make_token().reveal() for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}


@pytest.mark.parametrize("text", [None, "", "short", "x" * 42, "x" * 44, "x" * 42 + "!", "x" * 42 + "\n"])
def test_what_we_cannot_have_made_is_no_token(text: str | None) -> None:
    assert read_token(text) is None


def test_our_own_tokens_are_read() -> None:
    token = make_token()
    assert read_token(token.reveal()) == token
