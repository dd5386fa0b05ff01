from collections.abc import Iterator

import pytest

from socialcube.infra.rate_limits import Limit, RateLimits, origin_of
from socialcube.infra.session_cache import SignInAwayError
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.errors import TooManyTriesError
from tests.fakes.infra import FakeRateLimits
from tests.support.valkey import RunningValkey

LIMIT = Limit("door", tries=3, minutes=10)

Limits = RateLimits | FakeRateLimits


@pytest.fixture
def real(valkey: RunningValkey) -> Iterator[RateLimits]:
    limits = RateLimits(valkey.url, namespace="test", clock=SystemClock())
    yield limits
    limits.close()


@pytest.fixture(params=["real", "fake"])
def limits(request: pytest.FixtureRequest) -> Limits:
    made: Limits = request.getfixturevalue("real") if request.param == "real" else FakeRateLimits()
    return made


def test_one_try_too_many_is_refused(limits: Limits) -> None:
    for _ in range(LIMIT.tries):
        limits.note(LIMIT, "somebody")
    for _ in range(2):
        with pytest.raises(TooManyTriesError):
            limits.note(LIMIT, "somebody")
    limits.note(LIMIT, "somebody else")
    limits.note(Limit("window", tries=3, minutes=10), "somebody")


def test_asvs_2_4_1_processes_count_together(real: RateLimits, valkey: RunningValkey) -> None:
    other = RateLimits(valkey.url, namespace="test", clock=SystemClock())
    for _ in range(LIMIT.tries):
        real.note(LIMIT, "somebody")
    with pytest.raises(TooManyTriesError):
        other.note(LIMIT, "somebody")
    other.close()


def test_asvs_2_4_1_nobody_may_try_while_nobody_can_count(real: RateLimits, valkey: RunningValkey) -> None:
    valkey.kill()
    for _ in range(4):
        with pytest.raises(SignInAwayError):
            real.note(LIMIT, "somebody")


def test_who_is_known_goes_on_without_redis_counted_by_each_process(
    real: RateLimits, valkey: RunningValkey
) -> None:
    real.note_anyway(LIMIT, "somebody")
    valkey.kill()
    for _ in range(LIMIT.tries):
        real.note_anyway(LIMIT, "somebody")
    with pytest.raises(TooManyTriesError):
        real.note_anyway(LIMIT, "somebody")
    real.note_anyway(LIMIT, "somebody else")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_asvs_2_4_1_neighbours_in_one_network_count_as_one(address: str, origin: str) -> None:
    assert origin_of(address) == origin
