"""The declarative base, with names for every constraint so that migrations can address them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm import registry as orm_registry

from socialcube.db.types import JSONValue, UTCDateTime
from socialcube.kernel.ids import new_id

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    # Flask-SQLAlchemy copies this class; a registry survives that, a type_annotation_map does not.
    registry: ClassVar[orm_registry] = orm_registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            dict[str, object]: JSONValue,
            list[object]: JSONValue,
            datetime: UTCDateTime,
        },
    )


class OwnKey:
    """Mixin: the primary key is a UUIDv7 of our own, known before the insert."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Timestamps:
    """Mixin: when a row was made and last changed. Services set both from the unit's clock."""

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
