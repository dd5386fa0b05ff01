import copy
import json
import pickle

import pytest

from socialcube.kernel.secrets import MASK, Secret, mask_text, redact

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GxYzAb.abcdefghijklmnopqrstuvwxyz0123456789AB"


def test_secret_shows_itself_only_when_revealed() -> None:
    secret = Secret(TOKEN)
    assert TOKEN not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == TOKEN


def test_secret_equals_a_secret_of_the_same_value_only() -> None:
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


def test_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret("x")


@pytest.mark.parametrize("spill", [pickle.dumps, copy.deepcopy, json.dumps])
def test_secret_is_never_serialised(spill: object) -> None:
    with pytest.raises(TypeError):
        spill(Secret(TOKEN))  # type: ignore[operator] # the three functions share no useful type


@pytest.mark.parametrize(
    "text",
    [
        f"login with {TOKEN} failed",
        "POST https://discord.com/api/webhooks/123456789012345678/" + "a" * 68,
        "POST /interactions/123456789012345678/" + "b" * 120 + "/callback",
        "key sc_abcdEFGH_" + "k" * 43 + "_123456",
    ],
)
def test_mask_text_hides_what_looks_like_a_token(text: str) -> None:
    masked = mask_text(text)
    assert MASK in masked
    assert TOKEN not in masked
    assert "aaaaaaaaaaaaaaaaaaaa" not in masked
    assert "bbbbbbbbbbbbbbbbbbbb" not in masked
    assert "kkkkkkkkkkkkkkkkkkkk" not in masked


def test_mask_text_keeps_the_id_beside_a_webhook_token() -> None:
    assert "/webhooks/123456789012345678/" in mask_text("/webhooks/123456789012345678/" + "a" * 68)


@pytest.mark.parametrize("text", ["", "hello", "v2.10.3", "a.b.c", "www.example.com/webhooks"])
def test_mask_text_leaves_ordinary_text_alone(text: str) -> None:
    assert mask_text(text) == text


def test_redact_masks_by_key_and_by_look_at_any_depth() -> None:
    value = {"Token": "x", "list": [{"note": f"saw {TOKEN}"}, Secret("y")], "n": 1, "none": None, "raw": b"z"}
    assert redact(value) == {
        "Token": MASK,
        "list": [{"note": f"saw {MASK}"}, MASK],
        "n": 1,
        "none": None,
        "raw": b"z",
    }


def test_redact_leaves_keys_that_are_not_text_alone() -> None:
    assert redact({1: "one"}) == {1: "one"}
