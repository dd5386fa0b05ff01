from socialcube.sandbox.witness import Witness, name_of
from socialcube.sandbox.world import tokens
from tests.fakes.clock import FakeClock


def test_entry_tells_time_owner_and_end(clock: FakeClock) -> None:
    witness = Witness(clock)
    entry = witness.note("rest", application_id=5001, token="abcdefgh", path="/x", method="GET")
    clock.advance(0.5)
    witness.note_body(entry, b'{"a": 1}')
    witness.finish(entry, 204)

    assert (entry.id, entry.application_id, entry.status, entry.seconds) == (1, "5001", 204, 0.5)
    assert (entry.size, entry.body) == (8, '{"a": 1}')
    assert entry.token.startswith("…efgh ")
    assert "abcd" not in str(entry.to_json())


def test_tokens_in_path_and_body_are_masked(clock: FakeClock) -> None:
    bot, interaction = tokens.bot_token(5001), tokens.interaction_token()
    entry = Witness(clock).note("rest", application_id=None, token="", path=f"/webhooks/5001/{interaction}")
    Witness(clock).note_body(entry, bot.encode())

    assert interaction not in entry.path
    assert bot not in entry.body


def test_body_is_cut_and_need_not_be_text(clock: FakeClock) -> None:
    witness = Witness(clock)
    entry = witness.note("rest", application_id=None, token="", path="/")
    witness.note_body(entry, b"\xff" * 10_000)

    assert (entry.size, len(entry.body)) == (10_000, 4096)


def test_old_entries_make_room(clock: FakeClock) -> None:
    witness = Witness(clock)
    for _ in range(20_001):
        witness.note("rest", application_id=None, token="", path="/")

    found = witness.list_since(0, lambda _: True, 30_000)

    assert (len(found), found[0].id) == (20_000, 2)


def test_same_token_has_the_same_name_and_none_has_none() -> None:
    assert name_of("one") == name_of("one") != name_of("two")
    assert name_of("") == ""
