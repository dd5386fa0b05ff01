import pytest
from sqlalchemy import text

from socialcube.domain.site import queries
from socialcube.domain.site import service as site_service
from socialcube.domain.site.models import Setting
from socialcube.web.extensions import db
from tests.fakes.clock import START
from tests.unit.web.conftest import Site


def test_a_unit_writes_on_the_session_of_the_request(site: Site) -> None:
    with site.app.app_context(), site.services.unit_of_work() as uow:
        assert uow.session is db.session()
        site_service.claim_origin(uow, "https://discord.com")
        uow.commit()
        assert queries.find_origin(db.session()) == "https://discord.com"


def test_a_unit_takes_the_write_lock_at_once(site: Site) -> None:
    with site.app.app_context():
        assert queries.find_origin(db.session()) is None
        with site.services.unit_of_work() as uow:
            uow.session.execute(text("SELECT 1"))
            with site.services.shared.engine.connect() as other:
                other.exec_driver_sql("ROLLBACK")
                with pytest.raises(Exception, match="locked"):
                    other.exec_driver_sql("BEGIN IMMEDIATE")


def test_changes_outside_of_a_unit_are_refused_instead_of_lost(site: Site) -> None:
    with site.app.app_context():
        db.session.add(Setting(key="key", value="value", created_at=START, updated_at=START))
        with pytest.raises(RuntimeError, match="outside of a unit"):
            site.services.unit_of_work()
        db.session.rollback()
