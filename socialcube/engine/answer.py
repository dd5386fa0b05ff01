"""The answer that a person waits for: given in time, given once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from socialcube.engine.errors import AnswerUncertainError, InternalStepError
from socialcube.engine.ports import AlreadyAnsweredError, ResponderError, UnknownOutcomeError
from socialcube.engine.trace import Record, describe_error

if TYPE_CHECKING:
    from socialcube.engine.ports import Alarm, CallLater, Message, Responder
    from socialcube.kernel.clock import Clock


class Answer:
    """Owns the responder of one run, and defers by itself when the steps take long.

    An alarm and the steps meet here on one event loop: who comes first is decided without an await. Most
    answers are quick, so the alarm starts a task only when it goes off.

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
        call_later: CallLater,
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
        self._call_later = call_later
        self._received = received
        self._due = received + defer_after
        self._private = private
        self._deferral: asyncio.Task[None] | None = None
        self._uncertain = False
        self._refusal: ResponderError | None = None
        self._alarm = self._set_alarm()

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
        await self._end_deferral()
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
                self._alarm = self._set_alarm()
            raise
        self._uncertain = False
        self.answered = True
        self._note_response()

    async def close(self) -> None:
        """End the deferral and wait until it is gone, so that nothing of the run outlives it."""
        if self._deferral is not None:
            self._deferral.cancel()
        await self._end_deferral()

    async def _end_deferral(self) -> None:
        self._alarm.cancel()
        if self._deferral is not None and not self._deferral.done():
            # Answering while a deferral is on its way would be the second answer to one interaction.
            await asyncio.wait({self._deferral})

    def _set_alarm(self) -> Alarm:
        return self._call_later(max(0.0, self._due - self._clock.monotonic()), self._begin_deferral)

    def _begin_deferral(self) -> None:
        self._deferral = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
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
            record.ended = self._clock.monotonic()

    def _note_refusal(self, error: ResponderError) -> None:
        if not error.reachable:
            self._refusal = error

    def _note_response(self) -> None:
        if self.first_response_ms is None:
            self.first_response_ms = round((self._clock.monotonic() - self._received) * 1000, 3)
