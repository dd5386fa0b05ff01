from pathlib import Path

import config
from bin.lib.ownership import is_known_to_be_owned
from socialcube.db.session import create_engine, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain import tables
from socialcube.domain.accounts import service
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import Settings
from tests.factories.accounts import SYSTEM, make_user
from tests.factories.bots import make_bot
from tests.factories.settings import make_environ


def settings_of(url: str) -> Settings:
    return config.load_settings(make_environ(DATABASE_URL=url))


def test_only_an_owner_of_the_site_who_may_sign_in_counts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/site.db"
    engine = create_engine(Secret(url))
    tables.metadata.create_all(engine)
    seen = [is_known_to_be_owned(settings_of(url))]
    with UnitOfWork(write_sessions(engine)()) as uow:
        bot_id = make_bot(uow.session).id
        make_user(uow, "bo", role=BuiltInRole.OWNER, bot_id=bot_id)
        make_user(uow, "cy", role=BuiltInRole.MANAGER)
        uow.commit()
        seen.append(is_known_to_be_owned(settings_of(url)))
        mara = make_user(uow, "mara", role=BuiltInRole.OWNER)
        uow.commit()
        seen.append(is_known_to_be_owned(settings_of(url)))
        make_user(uow, "priya", role=BuiltInRole.OWNER)
        service.set_disabled(uow, SYSTEM, mara.id, disabled=True)
        uow.commit()
        seen.append(is_known_to_be_owned(settings_of(url)))
    engine.dispose()
    assert seen == [False, False, True, True]


def test_of_what_cannot_be_read_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "damaged.db").write_text("no database at all, " * 100)
    for name in ("damaged.db", "missing.db"):
        assert not is_known_to_be_owned(settings_of(f"sqlite:///{tmp_path}/{name}"))
    assert not (tmp_path / "missing.db").exists()
    assert not is_known_to_be_owned(settings_of("postgresql://host/db"))
