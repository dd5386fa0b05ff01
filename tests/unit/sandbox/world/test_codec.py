import json
from typing import Any

import pytest

from socialcube.sandbox.storage import dump
from socialcube.sandbox.world import codec, consistency
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import ResponseKind
from socialcube.sandbox.world.records import EPHEMERAL, Command, Member, State
from socialcube.sandbox.world.world import World


def copy_of(world: World) -> Any:
    return json.loads(dump(world.state))["state"]


def test_world_comes_back_as_it_was(world: World, hello: Command) -> None:
    world.messages.post(1001, 3002, Draft("hi <@1002> \U0001f600", nonce="n", embeds=[{"type": "rich"}]))
    interaction = world.interactions.invoke(1001, 3002, hello.id)
    world.interactions.respond(interaction, ResponseKind.MESSAGE, Draft("psst", flags=EPHEMERAL))
    world.applications.count_start(5001)

    assert codec.decode(State, copy_of(world)) == world.state


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), []),
        (("users",), None),
        (("users", "1001", "id"), "1001"),
        (("users", "1001", "id"), True),
        (("users", "1001", "username"), 5),
        (("users", "1001", "bot"), 1),
        (("users", "1001", "extra"), 1),
        (("users", "x"), {"id": 1, "username": "x"}),
        (("guilds", "2001", "members", "1001"), {"user_id": 1001}),
        (("guilds", "2001", "members", "1001", "joined_at"), "yesterday"),
        (("guilds", "2001", "channels", "3002", "parent_id"), "x"),
    ],
)
def test_what_does_not_fit_is_refused(world: World, path: tuple[str, ...], value: Any) -> None:
    state = copy_of(world)
    if path:
        place = state
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value
    else:
        state = value

    with pytest.raises(ValueError, match=r"fit|lacks|unknown|isoformat|invalid literal"):
        codec.decode(State, state)


def test_unknown_object_is_not_written() -> None:
    with pytest.raises(TypeError):
        codec.encode(object())


def remove_user(state: State) -> None:
    del state.users[1001]


def remove_everyone(state: State) -> None:
    del state.guilds[2001].roles[2001]


def give_unknown_role(state: State) -> None:
    state.guilds[2001].members[1001].role_ids.append(1)


def remove_channel(state: State) -> None:
    del state.guilds[2001].channels[3002]


def remove_application(state: State) -> None:
    del state.applications[5001]


def remove_name(state: State) -> None:
    next(iter(state.commands.values())).body.pop("name")


def add_stranger(state: State) -> None:
    state.guilds[2001].members[9] = Member(9, state.guilds[2001].members[1001].joined_at)


@pytest.mark.parametrize(
    "damage",
    [
        remove_user,
        remove_everyone,
        give_unknown_role,
        remove_channel,
        remove_application,
        remove_name,
        add_stranger,
    ],
)
def test_world_that_does_not_hold_together_is_refused(world: World, hello: Command, damage: Any) -> None:
    world.messages.post(1001, 3002, Draft("x"))
    assert hello.id in world.state.commands
    consistency.check(world.state)
    damage(world.state)

    with pytest.raises(ValueError, match="is missing"):
        consistency.check(world.state)
