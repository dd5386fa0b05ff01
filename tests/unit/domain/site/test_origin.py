from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.site.errors import OtherOriginError
from socialcube.domain.site.queries import find_origin
from socialcube.domain.site.service import claim_origin


@pytest.mark.usefixtures("noise")
def test_a_fresh_database_belongs_to_nobody(session: Session) -> None:
    assert find_origin(session) is None


@pytest.mark.usefixtures("noise")
def test_the_first_origin_stays(unit: Callable[[], UnitOfWork], uow: UnitOfWork) -> None:
    claim_origin(uow, "https://discord.com")
    uow.commit()
    uow.session.close()
    with unit() as second:
        claim_origin(second, "https://discord.com")
        assert find_origin(second.session) == "https://discord.com"


def test_another_origin_is_refused_with_both_named(uow: UnitOfWork) -> None:
    claim_origin(uow, "http://127.0.0.1:9000")
    with pytest.raises(OtherOriginError) as caught:
        claim_origin(uow, "https://discord.com")
    assert "http://127.0.0.1:9000" in caught.value.message
    assert "https://discord.com" in caught.value.message
    assert find_origin(uow.session) == "http://127.0.0.1:9000"
