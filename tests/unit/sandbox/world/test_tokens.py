import pytest

from socialcube.kernel.secrets import mask_text
from socialcube.sandbox.world import tokens


def test_bot_token_tells_its_application_and_is_never_the_same() -> None:
    first, second = tokens.bot_token(5001), tokens.bot_token(5001)

    assert tokens.owner_of(first) == tokens.owner_of(second) == 5001
    assert first != second


def test_bot_token_is_caught_by_the_projects_mask() -> None:
    token = tokens.bot_token(5001)

    assert token not in mask_text(f"token={token}")


def test_interaction_token_is_caught_by_the_projects_mask() -> None:
    token = tokens.interaction_token()

    assert token not in mask_text(f"/webhooks/5001/{token}/messages/@original")
    assert token not in mask_text(f"/interactions/1/{token}/callback")


@pytest.mark.parametrize("token", ["", ".", "x", "é.é.é", "AAAA", "not base64 at all", "MTIz" * 5000])
def test_anything_else_belongs_to_nobody(token: str) -> None:
    assert tokens.owner_of(token) == 0
