from typing import Any

import pytest

from socialcube.sandbox.gateway.faults import GatewayFault, GatewayFaults

BOT, OTHER = 5001, 5002


def taken(faults: GatewayFaults, *deeds: Any, **given: Any) -> str | None:
    fault = faults.take(*deeds, **({"application_id": BOT, "shard": 0} | given))
    return None if fault is None else fault.deed


@pytest.mark.parametrize(
    ("fault", "given", "hit"),
    [
        (GatewayFault("close"), {}, True),
        (GatewayFault("close", application_id=BOT), {}, True),
        (GatewayFault("close", application_id=OTHER), {}, False),
        (GatewayFault("close", application_id=BOT), {"application_id": None}, False),
        (GatewayFault("close", shard=0), {}, True),
        (GatewayFault("close", shard=1), {}, False),
        (GatewayFault("close", moment="ready"), {"moment": "ready"}, True),
        (GatewayFault("close", moment="ready"), {"moment": "hello"}, False),
        (GatewayFault("close", event="X"), {"event": "X"}, True),
        (GatewayFault("close", event="X"), {"event": "Y"}, False),
        (GatewayFault("abort"), {}, False),
    ],
)
def test_fault_hits_what_it_is_meant_for(fault: GatewayFault, given: dict[str, Any], hit: bool) -> None:
    faults = GatewayFaults()
    faults.add(fault)

    assert (taken(faults, "close", **given) is not None) is hit
    assert faults.is_empty is hit


def test_fault_hits_as_often_as_it_says() -> None:
    faults = GatewayFaults()
    faults.add(GatewayFault("drop_acks", times=2))

    assert [taken(faults, "drop_acks") for _ in range(3)] == ["drop_acks", "drop_acks", None]


def test_first_made_is_first_taken() -> None:
    faults = GatewayFaults()
    faults.add(GatewayFault("abort"))
    faults.add(GatewayFault("close"))

    assert [taken(faults, "close", "abort") for _ in range(2)] == ["abort", "close"]


def test_same_seed_shuffles_alike() -> None:
    orders = []
    for _ in range(2):
        frames = [str(number) for number in range(20)]
        GatewayFault("reorder", seed=3).shuffle(frames)
        orders.append(frames)

    assert orders[0] == orders[1] != sorted(orders[0], key=int)


def test_fault_is_told_without_its_inner_life() -> None:
    told = GatewayFault("reorder", seed=3).to_json()

    assert (told["deed"], told["seed"]) == ("reorder", 3)
    assert not [name for name in told if name.startswith("_")]
