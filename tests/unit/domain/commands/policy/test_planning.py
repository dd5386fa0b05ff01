import json
from collections.abc import Iterable
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.commands.policy import CREATES_A_DAY, MAX_COMMANDS, digest_of_plan, plan
from socialcube.domain.commands.types import (
    CommandKey,
    CommandPlan,
    DesiredCommand,
    Registration,
    RemoteCommand,
)
from tests.factories.commands import make_desired, make_remote

NAMES = st.sampled_from(["hello", "bye", "roll"])
PLACES = st.sampled_from([None, 31, 32])
WORDS = st.sampled_from(["Say hello", "Other"])
KEYS = st.tuples(PLACES, NAMES)
Situation = tuple[list[DesiredCommand], list[RemoteCommand], list[Registration], set[CommandKey]]


def registered(external_id: int | None, command: DesiredCommand) -> Registration:
    return Registration(external_id, command.guild_id, command.name, command.digest)


def names(commands: Iterable[DesiredCommand | RemoteCommand]) -> list[str]:
    return [command.name for command in commands]


def test_nothing_wanted_and_nothing_there_is_nothing_to_do() -> None:
    assert plan([], [], []) == CommandPlan(creates_left={None: CREATES_A_DAY})
    assert plan([], [], []).is_empty


def test_what_is_missing_is_created() -> None:
    wanted = make_desired()
    result = plan([wanted], [], [])
    assert result.create == (wanted,)
    assert not result.is_empty


def test_what_is_as_it_should_be_is_left_alone() -> None:
    wanted = make_desired()
    result = plan([wanted], [make_remote(external_id=5)], [registered(5, wanted)])
    assert [(item.external_id, item.desired) for item in result.unchanged] == [(5, wanted)]
    assert result.is_empty


def test_what_differs_is_updated_with_the_fields_named() -> None:
    wanted = make_desired(description="New", nsfw=True)
    result = plan([wanted], [make_remote(external_id=5)], [registered(5, wanted)])
    (update,) = result.update
    assert (update.external_id, update.desired, update.fields) == (5, wanted, ("description", "nsfw"))


def test_what_is_ours_and_not_wanted_is_deleted() -> None:
    remote = make_remote(external_id=5)
    result = plan([], [remote], [Registration(5, None, "hello", "old")])
    assert result.delete == (remote,)


def test_what_others_made_is_never_touched() -> None:
    remote = make_remote("roll", external_id=5)
    result = plan([make_desired()], [remote], [])
    assert result.foreign == (remote,)
    assert names(result.create) == ["hello"]
    assert result.delete == ()


def test_a_name_that_others_took_is_refused_with_a_reason() -> None:
    wanted = make_desired()
    result = plan([wanted], [make_remote(external_id=5, description="Theirs")], [])
    (refused,) = result.refused
    assert refused.desired == wanted
    assert "elsewhere" in refused.reason
    assert result.is_empty


def test_an_identical_command_that_we_never_asked_for_stays_foreign() -> None:
    assert len(plan([make_desired()], [make_remote(external_id=5)], []).foreign) == 1


def test_a_command_of_another_kind_clashes_with_nothing() -> None:
    menu = make_remote(external_id=5, kind=2)
    result = plan([make_desired()], [menu], [Registration(5, None, "hello", "x")])
    assert names(result.create) == ["hello"]
    assert result.foreign == (menu,)


def test_the_same_name_in_another_place_is_another_command() -> None:
    result = plan([make_desired(guild_id=31)], [make_remote(external_id=5)], [])
    assert [command.key for command in result.create] == [(31, "hello")]
    assert result.refused == ()


def test_a_command_whose_answer_a_crash_swallowed_is_ours() -> None:
    wanted = make_desired()
    result = plan([wanted], [make_remote(external_id=5)], [registered(None, wanted)])
    assert [item.external_id for item in result.unchanged] == [5]
    assert result.foreign == ()


def test_a_command_that_is_not_exactly_what_we_asked_for_is_not_ours() -> None:
    wanted = make_desired()
    result = plan([wanted], [make_remote(external_id=5, description="Theirs")], [registered(None, wanted)])
    assert len(result.foreign) == len(result.refused) == 1


def test_a_kept_command_is_not_deleted_though_not_wanted() -> None:
    remote = make_remote(external_id=5)
    result = plan([], [remote], [Registration(5, None, "hello", "old")], keep={(None, "hello")})
    assert result.kept == (remote,)
    assert result.is_empty


def test_a_renamed_command_is_deleted_and_created() -> None:
    result = plan([make_desired("bye")], [make_remote(external_id=5)], [Registration(5, None, "hello", "x")])
    assert names(result.create) == ["bye"]
    assert names(result.delete) == ["hello"]


def test_no_more_is_created_than_discord_takes() -> None:
    ours = [make_remote(f"c{number}", external_id=number) for number in range(1, 50)]
    theirs = [make_remote(f"t{number}", external_id=100 + number) for number in range(50)]
    menus = [make_remote(f"m{number}", external_id=200 + number, kind=3) for number in range(5)]
    wanted = [make_desired(f"c{number}") for number in range(1, 50)] + [make_desired("x"), make_desired("y")]
    registrations = [registered(number + 1, command) for number, command in enumerate(wanted[:49])]
    result = plan(wanted, [*ours, *theirs, *menus], registrations)
    assert names(result.create) == ["x"]
    assert [(item.desired.name, str(MAX_COMMANDS) in item.reason) for item in result.refused] == [("y", True)]


def test_what_is_deleted_makes_room() -> None:
    ours = [make_remote(f"c{number}", external_id=number) for number in range(1, 101)]
    registrations = [Registration(number, None, f"c{number}", "x") for number in range(1, 101)]
    result = plan([make_desired("x")], ours, registrations)
    assert names(result.create) == ["x"]
    kept = plan([make_desired("x")], ours, registrations, keep={command_key(command) for command in ours})
    assert kept.create == ()


def test_each_place_has_room_of_its_own() -> None:
    theirs = [make_remote(f"t{number}", external_id=100 + number) for number in range(100)]
    assert len(plan([make_desired("x", guild_id=31)], theirs, []).create) == 1


def test_a_plan_is_shown_as_plain_data() -> None:
    wanted = [make_desired(), make_desired("new", guild_id=31), make_desired("taken")]
    remote = [
        make_remote(external_id=1, description="Old"),
        make_remote("gone", external_id=2),
        make_remote("taken", external_id=3),
        make_remote("same", external_id=4),
    ]
    registrations = [
        Registration(number, None, name, "x") for number, name in ((1, "hello"), (2, "gone"), (4, "same"))
    ]
    data = json.loads(json.dumps(plan([*wanted, make_desired("same")], remote, registrations).to_json()))
    assert data["create"] == [{"name": "new", "guild_id": "31"}]
    change = {"label": "Description", "before": "Old", "after": "Say hello"}
    assert data["update"] == [
        {"name": "hello", "guild_id": None, "fields": ["description"], "changes": [change]}
    ]
    assert data["delete"] == [{"name": "gone", "guild_id": None}]
    assert data["unchanged"] == [{"name": "same", "guild_id": None}]
    assert data["foreign"] == [{"name": "taken", "guild_id": None, "kind": 1}]
    assert data["refused"][0]["name"] == "taken"


def command_key(command: RemoteCommand) -> CommandKey:
    return command.guild_id, command.name


@st.composite
def remotes(draw: st.DrawFn) -> list[RemoteCommand]:
    """Draw what Discord may show: in each place, names of one kind differ."""
    drawn = draw(st.dictionaries(st.tuples(PLACES, NAMES, st.sampled_from([1, 2])), WORDS, max_size=8))
    return [
        make_remote(name, guild_id, external_id=number, kind=kind, description=description)
        for number, ((guild_id, name, kind), description) in enumerate(drawn.items(), start=1)
    ]


@cache
def wish(name: str, place: int | None, text: str) -> DesiredCommand:
    return make_desired(name, place, description=text)


@st.composite
def situations(
    draw: st.DrawFn,
) -> Situation:
    """Draw any state of our table and of Discord, also such as no history leads to."""
    wanted = draw(st.dictionaries(KEYS, WORDS, max_size=5))
    desired = [wish(name, place, text) for (place, name), text in wanted.items()]
    registrations = draw(
        st.lists(
            st.builds(
                Registration,
                st.none() | st.integers(1, 14),
                PLACES,
                NAMES,
                st.sampled_from([*(item.digest for item in desired), "old"]),
            ),
            max_size=6,
        )
    )
    return desired, draw(remotes()), registrations, draw(st.sets(KEYS, max_size=3))


def touched(result: CommandPlan) -> set[int]:
    return {item.external_id for item in result.update} | {item.external_id for item in result.delete}


@given(situations())
def test_a_foreign_command_is_never_touched(
    situation: Situation,
) -> None:
    desired, remote, registrations, keep = situation
    ours = {entry.external_id for entry in registrations}
    asked = {
        (entry.guild_id, entry.name, entry.digest) for entry in registrations if entry.external_id is None
    }
    result = plan(desired, remote, registrations, keep=keep)
    by_id = {command.external_id: command for command in remote}
    for external_id in touched(result) - ours:
        command = by_id[external_id]
        assert (command.guild_id, command.name) in {(place, name) for place, name, _ in asked}
    assert not touched(result) & {command.external_id for command in result.foreign}
    assert all(by_id[external_id].kind == 1 for external_id in touched(result))


@given(situations())
def test_every_command_at_discord_and_every_wish_is_accounted_for_once(
    situation: Situation,
) -> None:
    desired, remote, registrations, keep = situation
    result = plan(desired, remote, registrations, keep=keep)
    seen = [item.external_id for item in (*result.delete, *result.kept, *result.foreign)]
    seen += [item.external_id for item in result.update] + [item.external_id for item in result.unchanged]
    assert sorted(seen) == sorted(command.external_id for command in remote)
    wishes = [item.key for item in result.create] + [item.desired.key for item in result.refused]
    wishes += [item.desired.key for item in result.update] + [item.desired.key for item in result.unchanged]
    assert sorted(wishes, key=str) == sorted((item.key for item in desired), key=str)


class Discord:
    """A model of Discord's side: keeps commands and refuses two of one name and kind in a place."""

    def __init__(self, remote: Iterable[RemoteCommand]) -> None:
        self.commands = {command.external_id: command for command in remote}
        self._next_id = 1000

    def apply(self, steps: CommandPlan) -> None:
        for gone in steps.delete:
            del self.commands[gone.external_id]
        for item in steps.update:
            self.commands[item.external_id] = _remote(item.external_id, item.desired)
        for wanted in steps.create:
            self._next_id += 1
            self.commands[self._next_id] = _remote(self._next_id, wanted)
        places = [(command.guild_id, command.name, command.kind) for command in self.commands.values()]
        assert len(places) == len(set(places))


def _remote(external_id: int, wanted: DesiredCommand) -> RemoteCommand:
    body = {"id": str(external_id), "name_localizations": None, **wanted.body}
    return RemoteCommand(external_id, wanted.guild_id, wanted.name, 1, body)


@given(situations())
def test_applying_a_plan_yields_what_is_wanted_and_what_was_foreign(
    situation: Situation,
) -> None:
    desired, remote, registrations, keep = situation
    result = plan(desired, remote, registrations, keep=keep)
    discord = Discord(remote)
    discord.apply(result)
    refused = {item.desired.key for item in result.refused}
    shown = {command_key(command): command for command in discord.commands.values() if command.kind == 1}
    theirs = {command.external_id for command in result.foreign}
    kept = theirs | {command.external_id for command in result.kept}
    for wanted in desired:
        if wanted.key not in refused:
            assert shown[wanted.key].body["description"] == wanted.body["description"]
    ours = {command.external_id for command in discord.commands.values()} - kept
    assert len(ours) == len(desired) - len(refused)
    assert {command.external_id for command in remote if command.external_id in kept} == kept
    mine = [command for command in discord.commands.values() if command.external_id not in theirs]
    noted = [Registration(item.external_id, item.guild_id, item.name, "any") for item in mine]
    again = plan(desired, discord.commands.values(), noted, keep=keep)
    assert again.is_empty
    assert {command.external_id for command in again.foreign} == {
        command.external_id for command in result.foreign
    }


def test_creates_that_the_day_has_no_room_for_are_refused_and_the_rest_is_made() -> None:
    wanted = [make_desired("hello"), make_desired("bye"), make_desired("here", 31)]
    result = plan(wanted, [], [], created={None: CREATES_A_DAY - 1, 31: CREATES_A_DAY})
    assert names(result.create) == ["hello"]
    assert [item.desired.name for item in result.refused] == ["bye", "here"]
    assert "24 hours" in result.refused[0].reason
    assert result.creates_left == {None: 1, 31: 0}
    assert (result.steps, result.differs) == (1, 3)


def test_changes_and_deletions_spend_no_creates() -> None:
    there = [make_remote(description="Old"), make_remote("gone", external_id=2)]
    ours = [registered(1, make_desired()), registered(2, make_desired("gone"))]
    result = plan([make_desired()], there, ours, created={None: 9999})
    assert (len(result.update), len(result.delete), result.refused) == (1, 1, ())
    assert result.creates_left == {None: 0}


def test_a_plan_tells_what_differs_and_how_many_creates_are_left() -> None:
    there = [make_remote(description="Old"), make_remote("theirs", 31, external_id=3)]
    shown = plan([make_desired()], there, [registered(1, make_desired())]).to_json()
    assert shown["creates_left"] == [{"guild_id": None, "left": CREATES_A_DAY}]
    assert (shown["differs"], shown["kept"]) == (1, [])
    assert json.loads(json.dumps(shown)) == shown


def test_plans_are_told_apart_by_what_they_would_do() -> None:
    one, other = make_desired(), make_desired(description="Other words")
    assert digest_of_plan(plan([one], [], [])) == digest_of_plan(plan([make_desired()], [], []))
    assert digest_of_plan(plan([one], [], [])) != digest_of_plan(plan([other], [], []))
    ours = [registered(1, one)]
    changed = [digest_of_plan(plan([one], [make_remote(nsfw=nsfw)], ours)) for nsfw in (True, False)]
    deleted = digest_of_plan(plan([], [make_remote()], ours))
    assert len({*changed, deleted}) == 3
