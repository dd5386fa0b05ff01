import pytest

from socialcube.web.pages.account.devices import device_of

_END = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_END}", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_END} Edg/141.0.0.0", "Edge on Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {_END.replace('Safari', 'Mobile Safari')}",
            "Chrome on Android",
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_END}", "Chrome on ChromeOS"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("Mozilla/5.0 (compatible; strange)", "Mozilla/5.0 (compatible; strange)"),
        ("Chrome/141 that begins otherwise", "Chrome/141 that begins otherwise"),
        ("x" * 300, "x" * 60),
        ("", "A browser that does not say which"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, words: str) -> None:
    assert device_of(agent) == words
