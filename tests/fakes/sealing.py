"""A sealer whose seals can be looked into."""

from uuid import UUID

from socialcube.kernel.secrets import Secret


class FakeSealer:
    """Turns the token around and notes the cell, so that a test sees both."""

    def seal(self, secret: Secret, *, table: str, column: str, row_id: UUID) -> str:
        return f"{table}.{column}.{row_id}:{secret.reveal()[::-1]}"
