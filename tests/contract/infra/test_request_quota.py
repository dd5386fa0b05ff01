from collections.abc import Iterator
from contextlib import suppress

import pytest
from redis import Redis

from socialcube.infra.request_quota import Allowance, QuotaSpentError, RequestQuota
from tests.fakes.clock import FakeClock
from tests.fakes.infra import FakeQuota
from tests.support.valkey import RunningValkey

LIMIT = 50


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def make(valkey: RunningValkey, clock: FakeClock, *, limit: int = LIMIT, processes: int = 1) -> RequestQuota:
    return RequestQuota(valkey.url, namespace="test", clock=clock, limit=limit, processes=processes)


@pytest.fixture
def real(valkey: RunningValkey, clock: FakeClock) -> Iterator[RequestQuota]:
    quota = make(valkey, clock)
    yield quota
    quota.close()


@pytest.fixture(params=["real", "fake"])
def quota(request: pytest.FixtureRequest, clock: FakeClock) -> RequestQuota | FakeQuota:
    if request.param == "fake":
        return FakeQuota(clock, LIMIT)
    real: RequestQuota = request.getfixturevalue("real")
    return real


def test_so_many_requests_pass_and_not_one_more(quota: RequestQuota | FakeQuota, clock: FakeClock) -> None:
    left = [quota.take("a").left for _ in range(LIMIT)]
    assert left == list(range(LIMIT - 1, -1, -1))
    for _ in range(3):
        with pytest.raises(QuotaSpentError) as caught:
            quota.take("a")
    seconds = 60 - clock.now().second
    assert caught.value.allowance == Allowance(LIMIT, 0, seconds)
    assert caught.value.details["retry_after"] == seconds
    assert quota.take("b").left == LIMIT - 1
    clock.advance(seconds)
    assert quota.take("a").left == LIMIT - 1


def count_passes(quotas: list[RequestQuota], tries: int) -> int:
    """Ask in turn and count how often that was allowed."""
    passed = 0
    for number in range(tries):
        with suppress(QuotaSpentError):
            quotas[number % len(quotas)].take("a")
            passed += 1
    return passed


def test_processes_share_one_limit(valkey: RunningValkey, clock: FakeClock) -> None:
    both = [make(valkey, clock, limit=600) for _ in range(2)]
    assert count_passes(both, 1300) == 600
    for each in both:
        each.close()


def test_what_one_process_took_and_left_is_little(valkey: RunningValkey, clock: FakeClock) -> None:
    idle, busy = make(valkey, clock, limit=600), make(valkey, clock, limit=600)
    idle.take("a")
    assert 570 <= count_passes([busy], 700) <= 599
    for each in (idle, busy):
        each.close()


def test_few_requests_cost_a_call(real: RequestQuota, valkey: RunningValkey) -> None:
    for _ in range(40):
        real.take("a")
    client = Redis.from_url(valkey.url.reveal())
    stored = {key: int(client.get(key) or 0) for key in client.keys("test:quota:*")}
    client.close()
    assert list(stored.values()) == [40]


def test_reading_goes_on_without_redis_within_a_process_s_own_part(
    valkey: RunningValkey, clock: FakeClock
) -> None:
    quota = make(valkey, clock, processes=2)
    valkey.kill()
    for _ in range(LIMIT // 2):
        quota.take("a")
    with pytest.raises(QuotaSpentError):
        quota.take("a")
    clock.advance(60)
    quota.take("a")
    quota.close()
