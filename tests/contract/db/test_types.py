from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from socialcube.db.types import JSONValue, Snowflake, UTCDateTime, now_plus
from tests.support.databases import Database

SAMPLES = Table(
    "samples",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("moment", UTCDateTime),
    Column("outside_id", Snowflake),
    Column("data", JSONValue),
)
LARGEST = 2**63 - 1


@pytest.fixture
def samples(empty_database: Database) -> Database:
    SAMPLES.metadata.create_all(empty_database.engine)
    return empty_database


def write(database: Database, **values: object) -> None:
    with database.writes() as session:
        session.execute(insert(SAMPLES).values(id=1, **values))
        session.commit()


def test_a_moment_comes_back_aware_in_utc_to_the_microsecond(samples: Database) -> None:
    moment = datetime(2026, 3, 29, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    write(samples, moment=moment)
    with samples.reads() as session:
        read = session.scalar(select(SAMPLES.c.moment))
    assert read == moment
    assert read is not None
    assert read.tzinfo is UTC


def test_a_naive_moment_is_refused(samples: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        write(samples, moment=datetime(2026, 1, 1))  # noqa: DTZ001 - the very thing to refuse


@pytest.mark.parametrize("value", [0, 81_384_788_765_712_384, LARGEST])
def test_a_snowflake_keeps_every_bit(samples: Database, value: int) -> None:
    write(samples, outside_id=value)
    with samples.reads() as session:
        assert session.scalar(select(SAMPLES.c.outside_id)) == value


def test_json_keeps_its_shape_and_none_is_null(samples: Database) -> None:
    write(samples, data={"deep": [1, 2.5, None, {"text": "ünï 🌱"}]})
    with samples.reads() as session:
        assert session.scalar(select(SAMPLES.c.data)) == {"deep": [1, 2.5, None, {"text": "ünï 🌱"}]}
    with samples.writes() as session:
        session.execute(SAMPLES.update().values(data=None))
        session.commit()
    with samples.reads() as session:
        nulls = select(func.count()).where(SAMPLES.c.data.cast(JSON).is_(None) | SAMPLES.c.data.is_(None))
        assert session.scalar(nulls.select_from(SAMPLES)) == 1


def test_now_plus_follows_the_databases_clock_and_compares_with_stored_moments(samples: Database) -> None:
    write(samples, moment=now_plus(20))
    with samples.reads() as session:
        stored, is_later, is_within = session.execute(
            select(SAMPLES.c.moment, SAMPLES.c.moment > now_plus(0), SAMPLES.c.moment < now_plus(21))
        ).one()
    assert abs(stored - datetime.now(UTC) - timedelta(seconds=20)) < timedelta(seconds=5)
    assert is_later
    assert is_within
