"""Many bots that Discord refuses, beside one that it does not."""

import pytest

from socialcube.domain.bots.types import GatewayState, Reason
from socialcube.domain.placements import queries
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation

pytestmark = pytest.mark.processes

REVOKED = 12


def test_bots_with_revoked_tokens_cost_one_refused_call_each_and_the_healthy_one_nothing(
    small_house: Installation, sandbox: RunningSandbox
) -> None:
    house, control = small_house, sandbox.control
    healthy = control.create_bot("Moss", guild_ids=[FERN])
    revoked = [control.create_bot(f"Gone {number}") for number in range(REVOKED)]
    healthy_id = house.add_bot(healthy, HELLO)
    revoked_ids = [house.add_bot(bot, token=f"{bot.token}x") for bot in revoked]
    house.start_runner(FLEET_ADDRESS="nat-1")
    house.wait(
        lambda: all(house.view(bot_id).state.is_held for bot_id in revoked_ids), "all of them are held"
    )
    assert {house.view(bot_id).state.reason for bot_id in revoked_ids} == {Reason.TOKEN_INVALID}
    house.wait(
        lambda: house.view(healthy_id).state.gateway is GatewayState.CONNECTED, "the healthy bot is online"
    )

    def refused() -> int:
        with house.reading() as session:
            return queries.get_budgets(session, healthy_id).invalid_address

    house.wait(lambda: refused() == REVOKED, "the address knows what was refused", 30)
    answers = [seen["status"] for seen in control.calls() if seen["kind"] == "rest"]
    assert answers.count(401) == REVOKED
    answer = control.invoke("hello", user_id=MARA, channel_id=3004, bot_id=healthy.id)
    assert answer["outcome"] == "answered"
