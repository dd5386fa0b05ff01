"""Removes deleted bots for good, once nobody can want them back any more."""

from socialcube.domain.access.types import Actor
from socialcube.domain.bots import service
from socialcube.worker.runtime import Runtime


def purge_bots(runtime: Runtime) -> int:
    """Remove the bots that were deleted more than thirty days ago. Gives how many went."""
    with runtime.services.shared.unit_of_work() as uow:
        count = service.purge_deleted(uow, Actor.system("beat"))
        uow.commit()
    return count
