import dataclasses

import pytest

from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.domain.commands.registry import BrokenCommand, CompiledCommand, Snapshot, build, compile_draft
from tests.factories.commands import (
    make_document,
    make_published,
    make_raw_command,
    make_reply_step,
)

BROKEN = make_raw_command(name="broken", steps=[{"id": "a", "type": "gone"}])


def test_an_empty_snapshot_answers_to_nothing() -> None:
    assert Snapshot().find("hello", 31) is None
    assert build([]).desired == ()


def test_a_published_command_is_found_everywhere() -> None:
    item = make_published()
    snapshot = build([item])
    for guild_id in (None, 31):
        command = snapshot.find("hello", guild_id)
        assert isinstance(command, CompiledCommand)
        assert command.published == item


def test_a_servers_own_command_wins_there_and_only_there() -> None:
    everywhere, here = make_published(), make_published(guild_id=31)
    snapshot = build([everywhere, here])
    found = {place: snapshot.find("hello", place) for place in (None, 31, 32)}
    assert {place: item.published.guild_id for place, item in found.items() if item} == {
        None: None,
        31: 31,
        32: None,
    }


def test_a_broken_command_is_reported_and_the_others_run() -> None:
    snapshot = build([make_published(document=BROKEN), make_published()])
    broken = snapshot.find("broken", 31)
    assert isinstance(broken, BrokenCommand)
    assert broken.problems[0].path == "steps[0].type"
    assert isinstance(snapshot.find("hello", None), CompiledCommand)
    assert [item.name for item in snapshot.desired] == ["hello"]
    assert set(snapshot.broken) == {(None, "broken")}


@pytest.mark.parametrize("document", [{}, {"name": "hello"}, make_raw_command(steps="none")])
def test_a_document_of_any_kind_breaks_nothing_else(document: dict[str, object]) -> None:
    snapshot = build([make_published(name="hello", document=document)])
    assert isinstance(snapshot.find("hello", None), BrokenCommand)


def test_what_did_not_change_is_not_compiled_again() -> None:
    item = make_published()
    first = build([item])
    second = build([dataclasses.replace(item), make_published(name="bye")], first)
    assert second.find("hello", None) is first.find("hello", None)


@pytest.mark.parametrize("changes", [{"version": 2}, {"digest": "other"}, {"guild_id": 31}])
def test_what_changed_is_compiled_anew(changes: dict[str, object]) -> None:
    item = make_published()
    first = build([item])
    second = build([dataclasses.replace(item, **changes)], first)  # type: ignore[arg-type] # one field each
    assert second.find("hello", 31) is not first.find("hello", 31)


def test_the_digest_tells_whether_a_synchronisation_has_work() -> None:
    item = make_published()
    other_steps = make_published(
        command_id=item.command_id, document=make_raw_command(steps=[make_reply_step("Bye")])
    )
    assert build([item]).digest == build([other_steps]).digest
    assert build([item]).digest != build([]).digest
    assert build([item]).digest != build([dataclasses.replace(item, guild_id=31)]).digest
    assert build([item]).digest != build([make_published(document=make_raw_command(nsfw=True))]).digest
    more = make_published(name="bye")
    assert build([item, more]).digest == build([more, item]).digest


def test_what_is_desired_carries_body_and_document() -> None:
    (desired,) = build([make_published(guild_id=31)]).desired
    assert desired.key == (31, "hello")
    assert desired.body["description"] == "Say hello"
    assert desired.document == make_document()


def test_a_snapshot_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        build([]).commands[None, "x"] = None  # type: ignore[index] # this is what is tested


def test_a_draft_is_compiled_for_a_trial() -> None:
    item = make_published()
    snapshot = compile_draft(item.command_id, make_document())
    command = snapshot.find("hello", 2)
    assert isinstance(command, CompiledCommand)
    assert command.published.command_id == item.command_id


def test_a_draft_with_problems_cannot_be_tried() -> None:
    with pytest.raises(CommandsInvalidError):
        compile_draft(make_published().command_id, make_document(steps=[{"id": "a", "type": "gone"}]))
