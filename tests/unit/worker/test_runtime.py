from tests.unit.worker.conftest import Worker


def test_services_are_made_once_and_again_after_a_fork(worker: Worker) -> None:
    first = worker.runtime.services
    assert worker.runtime.services is first
    worker.runtime.close()
    assert worker.runtime.services is not first


def test_a_claimant_names_host_and_process_within_its_column(worker: Worker) -> None:
    assert worker.runtime.claimant.startswith("worker:")
    assert len(worker.runtime.claimant) <= 80
