import warnings
from pathlib import Path

import pytest
from celery import Celery, platforms

import config
from socialcube.infra.celery_settings import QUEUES, VISIBILITY_SECONDS
from socialcube.worker import app as worker_app
from socialcube.worker import lifecycle
from socialcube.worker.handlers import HANDLERS
from socialcube.worker.tasks import names
from tests.factories.settings import make_environ


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Celery:
    # Signals are global; what is hung on them here would outlive the test.
    monkeypatch.setattr(lifecycle, "connect", lambda *_: None)
    return worker_app.make_celery(config.load_settings(make_environ(VAR_DIR=str(tmp_path / "var"))))


def test_every_named_task_exists(app: Celery) -> None:
    assert set(names.ALL) <= set(app.tasks)


def test_every_scheduled_task_exists_and_does_not_pile_up(app: Celery) -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= 3600


def test_tasks_end_before_their_message_is_delivered_again(app: Celery) -> None:
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < VISIBILITY_SECONDS
    assert app.conf.broker_transport_options["visibility_timeout"] == VISIBILITY_SECONDS
    assert app.conf.visibility_timeout == VISIBILITY_SECONDS


def test_a_claim_outlives_no_task_limit() -> None:
    assert all(handler.claim_seconds <= VISIBILITY_SECONDS for handler in HANDLERS.values())


def test_only_json_is_taken_and_late_acknowledged(app: Celery) -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_worker_of_the_superuser_starts_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "connect", lambda *_: None)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        worker_app.make_celery(config.load_settings(make_environ(VAR_DIR=str(tmp_path / "var"))))
        platforms.check_privileges(["json"])  # type: ignore[attr-defined] # the stubs lack it
    assert seen == []


def test_workers_consume_every_queue(app: Celery) -> None:
    assert set(app.conf.task_queues) == set(QUEUES)


def test_beat_notes_its_times_in_the_var_folder(app: Celery, tmp_path: Path) -> None:
    assert app.conf.beat_schedule_filename == str(tmp_path / "var" / "beat-schedule")


def test_beat_finds_another_place_when_the_folder_cannot_be_used(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert worker_app._beat_folder(blocked / "var") != blocked / "var"
