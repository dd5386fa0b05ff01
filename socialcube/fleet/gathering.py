"""Does once for many bots what each of them asks for by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from socialcube.kernel.errors import UnavailableError

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

_AT_ONCE: Final = 50
"""Questions asked together. Those who wait for them go on all at once, and must not keep the loop long."""


class Gathered(Generic[Key, Answer]):
    """Lets those who ask at the same moment share one question to the database.

    Whoever asks while one is under way shares the next. A runner that takes over starts hundreds of bots at
    once, and what a question costs hardly depends on how many it is about.

    Args:
        ask: gives an answer for each of these keys.
    """

    def __init__(self, ask: Callable[[Collection[Key]], Awaitable[Mapping[Key, Answer]]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[Key, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Answer:
        """Get the answer for a key.

        Raises:
            Exception: whatever asking for this key raises.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._ask_for_all(), name="gathered questions")
        return await answer

    async def _ask_for_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            await self._ask_for(asked)

    async def _ask_for(self, asked: Sequence[tuple[Key, asyncio.Future[Answer]]]) -> None:
        # Whoever was cancelled meanwhile waits no more.
        waiting = [(key, answer) for key, answer in asked if not answer.done()]
        try:
            found = await self._ask({key for key, _ in waiting})
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            # What the database holds of one of them must not keep the others from their answers.
            if len(waiting) > 1 and not isinstance(error, (SQLAlchemyError, UnavailableError)):
                for each in waiting:
                    await self._ask_for([each])
                return
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
            return
        for key, answer in waiting:
            if not answer.done():
                answer.set_result(found[key])
