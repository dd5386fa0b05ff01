from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.jobs import queries, service
from tests.factories.jobs import make_job


def test_a_job_brings_its_file_in_parts_and_leaves_none_behind(uow: UnitOfWork) -> None:
    job, other = make_job(uow.session), make_job(uow.session)
    data = bytes(range(256)) * 2048
    service.attach_file(uow, job.id, data)
    service.attach_file(uow, other.id, b"kept")
    parts = list(queries.open_file(uow.session, job.id))
    assert (len(parts), b"".join(parts)) == (2, data)
    service.drop_file(uow, job.id)
    assert list(queries.open_file(uow.session, job.id)) == []
    assert list(queries.open_file(uow.session, other.id)) == [b"kept"]


def test_no_data_is_no_file(uow: UnitOfWork) -> None:
    job = make_job(uow.session)
    service.attach_file(uow, job.id, b"")
    assert list(queries.open_file(uow.session, job.id)) == []
