from sqlalchemy import MetaData, create_engine

from socialcube.db.base import Base
from socialcube.db.stream_ids import _counters
from socialcube.domain.logs.models import IDS
from socialcube.domain.logs.types import Stream


def test_ids_follow_each_other_and_streams_count_apart() -> None:
    engine = create_engine("sqlite://")
    _counters.create(engine)
    first, second = IDS[Stream.BOTS], IDS[Stream.ERRORS]
    with engine.connect() as connection:
        assert first.allocate(connection, 3) == range(1, 4)
        assert second.allocate(connection, 1) == range(1, 2)
        assert first.allocate(connection, 2) == range(4, 6)
    engine.dispose()


def test_a_rollback_gives_the_ids_back() -> None:
    engine = create_engine("sqlite://")
    _counters.create(engine)
    ids = IDS[Stream.BOTS]
    with engine.connect() as connection:
        connection.commit()
        ids.allocate(connection, 3)
        connection.rollback()
        assert ids.allocate(connection, 1) == range(1, 2)
    engine.dispose()


def test_the_sequence_belongs_to_the_metadata() -> None:
    assert isinstance(Base.metadata, MetaData)
    assert {"command_logs_id_seq", "audit_logs_id_seq"} <= {*Base.metadata._sequences}
