"""A sealer whose seals can be looked into."""

from uuid import UUID

from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.kernel.secrets import Secret


class FakeSealer:
    """Turns the token around and notes the cell, so that a test sees both.

    What another than the first key closed starts with that key's name: `old/bots.sealed_token.…`.
    """

    def __init__(self, *key_ids: str) -> None:
        self.key_ids = key_ids or ("fake",)

    def key_of(self, sealed: str) -> str:
        if ":" not in sealed:
            return ""
        key_id, separator, _ = sealed.partition("/")
        return key_id if separator else "fake"

    def seal(self, secret: Secret, *, table: str, column: str, row_id: UUID, context: str = "") -> str:
        prefix = "" if self.key_ids[0] == "fake" else f"{self.key_ids[0]}/"
        place = f"{table}.{column}.{row_id}" + (f".{context}" if context else "")
        return f"{prefix}{place}:{secret.reveal()[::-1]}"


class FakeOpener:
    """Opens what a `FakeSealer` with one of these keys closed at this very cell."""

    def __init__(self, *key_ids: str) -> None:
        self._sealers = [FakeSealer(key_id) for key_id in key_ids or ("fake",)]

    def open(self, sealed: str, *, table: str, column: str, row_id: UUID, context: str = "") -> Secret:
        for sealer in self._sealers:
            empty = sealer.seal(Secret(""), table=table, column=column, row_id=row_id, context=context)
            if sealed.startswith(empty):
                return Secret(sealed.removeprefix(empty)[::-1])
        raise TokenUnreadableError(reason="no key of ours closed it here")
