import pytest

from socialcube.adapters.discord.closing import describe_close, is_resumable, raise_if_final
from socialcube.adapters.errors import (
    ConnectionRefusedByPlatformError,
    HeldError,
    IntentsMissingError,
    TokenInvalidError,
)
from tests.support.failures import failure_of


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (4004, TokenInvalidError),
        (4010, ConnectionRefusedByPlatformError),
        (4011, ConnectionRefusedByPlatformError),
        (4012, ConnectionRefusedByPlatformError),
        (4013, IntentsMissingError),
        (4014, IntentsMissingError),
    ],
)
def test_final_code_holds_the_bot_with_a_sentence_and_a_remedy(code: int, error: type[HeldError]) -> None:
    with pytest.raises(error) as caught:
        raise_if_final(code)
    assert "(" not in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("code", [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 4999])
def test_any_other_code_holds_nobody(code: int) -> None:
    assert failure_of(raise_if_final, code) is None


def test_only_lost_sessions_start_anew() -> None:
    assert not any(map(is_resumable, (4003, 4007, 4009)))
    assert all(map(is_resumable, (None, 1000, 1001, 1006, 4000, 4008)))


def test_close_is_told_in_a_sentence() -> None:
    assert describe_close(4008).endswith("4008: too much was sent in too short a time.")
    assert describe_close(4321) == "Discord closed the connection with 4321."
    assert describe_close(None) == describe_close(1006) == "The connection to Discord broke off."
