from urllib.parse import parse_qs, urlsplit

import pytest

from socialcube.domain.bots.policy import (
    Preset,
    allowed_intents,
    build_invite,
    changed_flags,
    estimate_seconds,
    permissions_of,
)

ADMINISTRATOR = 1 << 3


def test_an_invite_names_the_bot_its_commands_and_what_it_may_do() -> None:
    link = build_invite("https://discord.com/oauth2/authorize", 77, Preset.MODERATE, guild_id=31)
    assert link.startswith("https://discord.com/oauth2/authorize?")
    assert parse_qs(urlsplit(link).query) == {
        "client_id": ["77"],
        "scope": ["bot applications.commands"],
        "permissions": [str(permissions_of(Preset.MODERATE))],
        "guild_id": ["31"],
    }
    assert "guild_id" not in build_invite("http://127.0.0.1:1/authorize", 77, Preset.ANSWER)


def test_presets_grow_and_none_asks_for_everything() -> None:
    answer, post, moderate = (permissions_of(preset) for preset in Preset)
    assert answer == 0
    assert moderate & post == post
    assert not moderate & ADMINISTRATOR


@pytest.mark.parametrize(
    ("flag", "intent"), [(13, 8), (12, 8), (15, 1), (14, 1), (19, 15), (18, 15), (23, None)]
)
def test_flags_allow_intents(flag: int, intent: int | None) -> None:
    assert allowed_intents(1 << flag) == (0 if intent is None else 1 << intent)


def test_switching_intents_off_leaves_what_discord_verified() -> None:
    verified, limited, other = 1 << 14, 1 << 19, 1 << 23
    assert changed_flags(verified | limited | other, 0) == verified | other
    assert changed_flags(other, 1 << 8) == other | 1 << 13


@pytest.mark.parametrize(
    ("bots", "rate", "seconds"),
    [(0, 50, 0), (1, 50, 3), (20, 50, 5), (100, 50, 14), (100, 5, 23), (500, 50, 62), (500, 1, 502)],
)
def test_the_estimate_counts_steps_of_the_change_and_the_rate_of_the_fleet(
    bots: int, rate: float, seconds: int
) -> None:
    assert estimate_seconds(bots, starts_per_second=rate) == seconds
