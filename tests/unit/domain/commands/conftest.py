from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.factories.bots import make_bot


@pytest.fixture
def bot_id(session: Session) -> UUID:
    return make_bot(session).id
