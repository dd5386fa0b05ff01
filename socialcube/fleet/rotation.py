"""Seals everything anew to the newest key, in steps that another runner can go on with."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.domain.bots.ports import TokenOpener, TokenSealer
from socialcube.domain.bots.types import SealedCell
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.domain.key_rotation import queries, service
from socialcube.domain.key_rotation.errors import KeysDifferError, RotationLostError
from socialcube.domain.key_rotation.types import Resealed, RotationOutcome
from socialcube.fleet.bridge import Bridge

STEP: Final = 20
"""Values in one transaction. Opening and sealing one takes about a millisecond."""


class KeyRotation:
    """Does jobs of the kind `keys.rotate`. Only the fleet can: it alone opens what is sealed.

    What is done stands in the same transaction as the word of it. A runner that dies in between leaves
    values under either key, all of which open, and the next one goes on with those that are left.

    Args:
        bridge: to the database.
        opener: opens with every key of this runner.
        sealer: closes with the newest.
        claimant: this runner's name in claims.
    """

    def __init__(self, bridge: Bridge, opener: TokenOpener, sealer: TokenSealer, claimant: str) -> None:
        self._bridge = bridge
        self._opener = opener
        self._sealer = sealer
        self._claimant = claimant

    async def run(self, job: JobView) -> dict[str, object]:
        """Seal everything to the newest key. Gives a `RotationOutcome` as JSON.

        Raises:
            KeysDifferError: whoever asked meant another key.
            KeyNotHeldError: nobody could open what would be sealed.
            RotationLostError: this runner was silent for too long, and another one goes on.
        """
        newest = self._sealer.key_ids[0]
        if job.payload.get("key_id") != newest:
            raise KeysDifferError(wanted=job.payload.get("key_id"), newest=newest)
        service.require_key_held(self._opener, self._sealer)
        stale = await self._bridge.read(queries.list_stale, self._sealer)
        before = RotationOutcome.from_json(job.result or {}).done
        seen = Resealed(done=before)
        total = before + len(stale)
        for start in range(0, len(stale), STEP):
            step = stale[start : start + STEP]
            seen = await self._bridge.write(self._do, job.id, step, seen, total)
        return _outcome(newest, seen).to_json()

    async def reseal_token(self, job: JobView) -> dict[str, object]:
        """Seal the token of the job's bot to the newest key. Gives the key's id.

        Raises:
            KeysDifferError, KeyNotHeldError: as `run`.
            TokenUnreadableError: no key of this runner opens it.
        """
        newest = self._sealer.key_ids[0]
        if job.payload.get("key_id") != newest:
            raise KeysDifferError(wanted=job.payload.get("key_id"), newest=newest)
        service.require_key_held(self._opener, self._sealer)
        cells = [cell for cell in await self._bridge.read(bots.list_sealed) if cell.row_id == job.bot_id]
        seen = await self._bridge.write(service.reseal, self._opener, self._sealer, cells)
        if seen.unreadable:
            raise TokenUnreadableError(reason="no key of this runner opens it")
        return {"key_id": newest}

    def _do(
        self, uow: UnitOfWork, job_id: UUID, step: Sequence[SealedCell], seen: Resealed, total: int
    ) -> Resealed:
        seen += service.reseal(uow, self._opener, self._sealer, step)
        looked_at = seen.done + seen.moved + len(seen.unreadable)
        so_far = _outcome(self._sealer.key_ids[0], seen).to_json()
        if not jobs.report_progress(uow, job_id, self._claimant, looked_at * 100 // total, so_far=so_far):
            raise RotationLostError
        return seen


def _outcome(key_id: str, seen: Resealed) -> RotationOutcome:
    return RotationOutcome(
        key_id, seen.done, tuple(f"{cell.table}/{cell.row_id}" for cell in seen.unreadable)
    )
