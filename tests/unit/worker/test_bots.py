from datetime import timedelta

from socialcube.domain.bots import queries
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import KEPT
from socialcube.worker.tasks import bots
from tests.factories.bots import make_bot
from tests.unit.worker.conftest import Worker


def test_deleted_bots_go_for_good_once_their_time_is_over(worker: Worker) -> None:
    now, hour = worker.runtime.services.shared.clock.now(), timedelta(hours=1)
    with worker.unit() as uow:
        here = make_bot(uow.session).id
        kept = make_bot(uow.session, deleted_at=now - KEPT + hour).id
        gone = make_bot(uow.session, deleted_at=now - KEPT - hour).id
        uow.commit()
    assert bots.purge_bots(worker.runtime) == 1
    assert bots.purge_bots(worker.runtime) == 0
    with worker.runtime.services.shared.reads() as session:
        assert queries.find_bot(session, here) is not None
        assert queries.find_deleted(session, kept) is not None
        assert session.get(Bot, gone) is None
