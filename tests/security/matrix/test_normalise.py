import pytest

from tests.security.matrix.normalise import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bot 01a206d7-e8b6-70c4-930a-363b98a1b24c", "bot 01A206D7-0000-70c4-930a-363b98a1b24c"),
        ("<code>0123456789abcdef0123456789abcdef</code>", "<code>ffff456789abcdef0123456789abcdef</code>"),
        ("'nonce-Zm9vYmFyZm9vYmFyZm9vYmFy'", "'nonce--Zm9vYmFyZm9vYmFyZm9vYmF'"),
        ("at 2026-01-02T03:04:05.678+00:00", "at 2027-12-31 23:59 UTC"),
        (
            'value="ImNzcmYtb2YtYS10ZXN0Ig.awPG8A.EpJOkTfiZuIDQY_5gZCNPmpx-2U"',
            'value="ImNzcmYtb2YtYS10ZXN0Ig.awPG9B.ApJOkTfiZuIDQY_5gZCNPmpx-2U"',
        ),
        ("/login?next=/admin/%3Fq%3Dzebra", "/login?next=/admin/%3Fq%3Dquagga"),
        ("two\n  words", "two words"),
    ],
)
def test_what_changes_by_itself_is_no_difference(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_what_was_asked_for_is_no_difference() -> None:
    assert normalise("No bot called Zebra.", ["zebra"]) == normalise("No bot called Quagga.", ["quagga"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("There is no such bot.", "You may not see this bot."),
        ("<h1>Zebra</h1>", "<h1>Quagga</h1>"),
        ("1 in this list", "0 in this list"),
        ("nonce-short", "nonce-other"),
        ("abc", "abc d"),
    ],
)
def test_everything_else_is_one(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_a_longer_word_is_taken_before_the_one_inside_of_it() -> None:
    assert normalise("zebra-bot and zebra", ["zebra", "zebra-bot"]) == "<asked> and <asked>"
