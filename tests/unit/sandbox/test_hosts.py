import pytest

from socialcube.sandbox.hosts import is_loopback, is_own_host, is_own_origin


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_addresses_may_be_bound(host: str) -> None:
    assert is_loopback(host)


EVERYWHERE = "0.0.0.0"  # noqa: S104 - named in order to be refused


@pytest.mark.parametrize(
    "host", [EVERYWHERE, "::", "192.168.1.2", "10.0.0.1", "example.org", "", "localhost.evil"]
)
def test_other_addresses_may_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("header", ["localhost", "LocalHost:80", "127.0.0.1:65535", "[::1]", "[::1]:1"])
def test_host_header_of_this_machine_is_ours(header: str) -> None:
    assert is_own_host(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        ":80",
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "127.0.0.1.nip.io",
        "localhost:x",
        "[::1",
        "a b",
    ],
)
def test_any_other_host_header_is_not(header: str) -> None:
    assert not is_own_host(header)


@pytest.mark.parametrize(
    "origin", ["null", "", "https://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:1.evil"]
)
def test_only_the_same_origin_is_ours(origin: str) -> None:
    assert not is_own_origin(origin, "127.0.0.1:1")
    assert is_own_origin("http://127.0.0.1:1", "127.0.0.1:1")
