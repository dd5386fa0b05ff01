"""The answer that a person waits for: given in time, given once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from socialcube.engine.errors import AnswerUncertainError, InternalStepError
from socialcube.engine.ports import AlreadyAnsweredError, ResponderError, UnknownOutcomeError
from socialcube.engine.trace import Record, describe_error

if TYPE_CHECKING:
    from socialcube.engine.ports import Message, Responder, Sleep
    from socialcube.kernel.clock import Clock


class Answer:
    """Owns the responder of one run, and defers by itself when the steps take long.

    A timer and the steps meet here on one event loop: a flag set before an await decides who is first.

    Attributes:
        deferred: whether the platform was told to wait.
        answered: whether a message arrived.
        first_response_ms: from receiving the trigger until the platform took the first call.
        defer_record: what the timer did, for the trace; None while it did nothing.
    """

    def __init__(  # noqa: PLR0913 - parts of one run, given once by `execution`
        self,
        responder: Responder,
        clock: Clock,
        sleep: Sleep,
        *,
        received: float,
        defer_after: float,
        private: bool,
    ) -> None:
        self.deferred = False
        self.answered = False
        self.first_response_ms: float | None = None
        self.defer_record: Record | None = None
        self._responder = responder
        self._clock = clock
        self._sleep = sleep
        self._received = received
        self._due = received + defer_after
        self._private = private
        self._deferring = False
        self._uncertain = False
        self._refusal: ResponderError | None = None
        self._timer = asyncio.create_task(self._defer_in_time())

    @property
    def is_open(self) -> bool:
        """Tell whether the person still waits and can be reached."""
        return not (self.answered or self._uncertain or self._refusal)

    @property
    def answered_before(self) -> bool:
        """Tell whether the person had an answer before this run: nothing that it did reached anybody."""
        return isinstance(self._refusal, AlreadyAnsweredError)

    def conflict(self, message: Message) -> str:
        """Give a remark when deferring has fixed another privacy than the message asks for, or nothing."""
        if not self.deferred or self.answered or message.private == self._private:
            return ""
        fixed = "private" if self._private else "public"
        return f"The answer is {fixed}: Discord fixed that when the answer took longer and was deferred."

    async def reply(self, message: Message) -> None:
        """Send a message; the first one is the answer.

        Raises:
            ResponderError: the platform refused it, now or for good earlier.
            UnknownOutcomeError: the platform did not say whether it took it.
            AnswerUncertainError: an earlier message may have arrived or not.
        """
        await self._stop_timer()
        if self._refusal:
            raise self._refusal
        if self._uncertain:
            raise AnswerUncertainError
        self._uncertain = True
        try:
            await self._responder.reply(message)
        except ResponderError as error:
            self._uncertain = False
            self._note_refusal(error)
            if self.is_open and not self.deferred:
                # The steps may go on and take their time, so the person must not wait unheard.
                self._timer = asyncio.create_task(self._defer_in_time())
            raise
        self._uncertain = False
        self.answered = True
        self._note_response()

    async def close(self) -> None:
        """End the timer and wait until it is gone, so that nothing of the run outlives it."""
        self._timer.cancel()
        await asyncio.wait({self._timer})

    async def _stop_timer(self) -> None:
        if self._deferring:
            # Answering while a deferral is on its way would be the second answer to one interaction.
            await asyncio.wait({self._timer})
        else:
            self._timer.cancel()

    async def _defer_in_time(self) -> None:
        await self._sleep(max(0.0, self._due - self._clock.monotonic()))
        self._deferring = True
        self.defer_record = record = Record("", "defer", self._clock.monotonic())
        record.effects.append(("defer", {"private": self._private}))
        try:
            await self._responder.defer(self._private)
        except ResponderError as error:
            self._note_refusal(error)
            record.error = describe_error(error, "")
        except UnknownOutcomeError as error:
            record.error = describe_error(error, "")
        except Exception as error:  # noqa: BLE001 - an adapter's fault must not end the steps
            record.error = describe_error(InternalStepError(), "", cause=error)
        else:
            self.deferred = True
            self._note_response()
        finally:
            self._deferring = False
            record.ended = self._clock.monotonic()

    def _note_refusal(self, error: ResponderError) -> None:
        if not error.reachable:
            self._refusal = error

    def _note_response(self) -> None:
        if self.first_response_ms is None:
            self.first_response_ms = round((self._clock.monotonic() - self._received) * 1000, 3)
