from collections.abc import Callable

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.site.queries import has_dismissed_first_steps
from socialcube.domain.site.service import dismiss_first_steps


def test_a_list_put_away_stays_away_for_that_person_only(
    unit: Callable[[], UnitOfWork], uow: UnitOfWork
) -> None:
    dismiss_first_steps(uow, "ann")
    uow.commit()
    uow.session.close()
    with unit() as second:
        dismiss_first_steps(second, "ann")
        assert has_dismissed_first_steps(second.session, "ann")
        assert not has_dismissed_first_steps(second.session, "bob")
