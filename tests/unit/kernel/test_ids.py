import threading
import time
from uuid import RFC_4122, UUID

import pytest

from socialcube.kernel import ids


def test_new_id_is_version_7_of_the_rfc_variant() -> None:
    made = ids.new_id()
    assert made.version == 7
    assert made.variant == RFC_4122


def test_new_id_carries_the_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = ids.new_id()
    after = time.time_ns() // 1_000_000
    assert before <= made.int >> 80 <= after + 1


def test_ids_grow_within_one_process() -> None:
    made = [ids.new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_still_grow_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert ids.new_id() > first


def test_ids_made_by_many_threads_are_distinct() -> None:
    made: list[UUID] = []

    def make() -> None:
        made.extend(ids.new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000


def test_a_written_key_is_read_and_anything_else_is_none() -> None:
    key = ids.new_id()
    assert ids.read_id(key) == ids.read_id(str(key)) == ids.read_id(key.hex) == key
    assert ids.read_id("greenhouse") is None
