import pickle
from collections.abc import Iterator

import pytest
from redis import Redis

from socialcube.infra.session_cache import MAX_BYTES, SessionCache, Shelf, SignInAwayError
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.secrets import Secret
from tests.fakes.infra import FakeSessionCache
from tests.support.valkey import RunningValkey

NAME = Secret("a name that only its owner knows")

Cache = SessionCache | FakeSessionCache


@pytest.fixture
def real(valkey: RunningValkey) -> Iterator[SessionCache]:
    cache = SessionCache(valkey.url, namespace="test", clock=SystemClock())
    yield cache
    cache.close()


@pytest.fixture(params=["real", "fake"])
def cache(request: pytest.FixtureRequest) -> Cache:
    made: Cache = request.getfixturevalue("real") if request.param == "real" else FakeSessionCache()
    return made


def test_a_document_is_found_until_it_is_dropped(cache: Cache) -> None:
    cache.put(Shelf.VISITOR, NAME, {"seen": 1, "list": ["ü", None]})
    assert cache.find(Shelf.VISITOR, NAME) == {"seen": 1, "list": ["ü", None]}
    assert cache.find(Shelf.ATTEMPT, NAME) is None
    cache.drop(Shelf.VISITOR, NAME)
    assert cache.find(Shelf.VISITOR, NAME) is None


def test_a_document_is_taken_once(cache: Cache) -> None:
    cache.put(Shelf.ATTEMPT, NAME, {"verifier": "v"})
    assert cache.take(Shelf.ATTEMPT, NAME) == {"verifier": "v"}
    assert cache.take(Shelf.ATTEMPT, NAME) is None


class Explosive:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was read",)


@pytest.mark.parametrize(
    "planted",
    [
        pickle.dumps(Explosive()),
        b"",
        b"[1]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"a": "%s"}' % (b"x" * MAX_BYTES),
    ],
)
def test_what_we_did_not_write_is_absent(real: SessionCache, valkey: RunningValkey, planted: bytes) -> None:
    redis = Redis.from_url(valkey.url.reveal())
    real.put(Shelf.VISITOR, NAME, {})
    (key,) = redis.scan_iter("*")
    redis.set(key, planted)
    assert real.find(Shelf.VISITOR, NAME) is None
    assert real.take(Shelf.VISITOR, NAME) is None


def test_a_server_that_is_away_says_so_quickly(real: SessionCache, valkey: RunningValkey) -> None:
    valkey.kill()
    for _ in range(4):
        with pytest.raises(SignInAwayError):
            real.find(Shelf.VISITOR, NAME)
