from socialcube.sandbox.forms import messages
from socialcube.sandbox.world.records import EPHEMERAL

FILE = {"id": "9", "filename": "a.txt", "url": "/attachments/1/9", "size": 1, "content_type": "text/plain"}


def test_only_flags_that_an_application_may_set_count() -> None:
    everything = (1 << 20) - 1

    assert messages.draft({"content": "x", "flags": everything}).flags == 1 << 2 | 1 << 12 | 1 << 15
    assert messages.answer({"content": "x", "flags": everything}).flags & EPHEMERAL


def test_text_is_trimmed_and_nulls_are_absent() -> None:
    draft = messages.draft({"content": " x ", "embeds": None, "components": None, "nonce": None})

    assert (draft.content, draft.embeds, draft.nonce) == ("x", [], None)


def test_mentions_are_all_allowed_unless_said_otherwise() -> None:
    assert messages.draft({"content": "x"}).mentions.parse == {"users", "roles", "everyone"}
    allowed = messages.draft({"content": "x", "allowed_mentions": {"users": ["1"]}}).mentions
    assert not allowed.parse
    assert allowed.users == {1}


def test_description_goes_to_its_new_file() -> None:
    draft = messages.draft({"attachments": [{"id": "0", "description": "text"}]}, [FILE])

    assert draft.attachments == [FILE | {"description": "text"}]


def test_edit_changes_only_what_is_there() -> None:
    assert messages.changes({}, [], [FILE]) == {}
    assert messages.changes({"content": None, "embeds": None}, [], [FILE]) == {"content": "", "embeds": []}


def test_edit_keeps_the_attachments_it_lists() -> None:
    other = FILE | {"id": "10"}

    assert messages.changes({"attachments": [{"id": "9"}]}, [], [FILE, other]) == {"attachments": [FILE]}
    assert messages.changes({}, [other], [FILE]) == {"attachments": [FILE, other]}
    assert messages.changes({"attachments": []}, [], [FILE]) == {"attachments": []}
