"""The parts of a running sandbox, found in the aiohttp application by one key."""

from dataclasses import dataclass

from socialcube.kernel.clock import Clock
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.attachments import Attachments
from socialcube.sandbox.faults import Faults
from socialcube.sandbox.gateway.hub import Hub
from socialcube.sandbox.oauth.grants import Grants
from socialcube.sandbox.ratelimits import Buckets
from socialcube.sandbox.witness import Witness
from socialcube.sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a handler may need."""

    world: World
    hub: Hub
    grants: Grants
    witness: Witness
    faults: Faults
    buckets: Buckets
    attachments: Attachments
    clock: Clock
    control_key: Secret


def assemble(world: World, control_key: Secret) -> Parts:
    """Build the parts around a world."""
    witness = Witness(world.clock)
    return Parts(
        world=world,
        hub=Hub(world, witness),
        grants=Grants(world.clock),
        witness=witness,
        faults=Faults(),
        buckets=Buckets(world.clock),
        attachments=Attachments(),
        clock=world.clock,
        control_key=control_key,
    )
