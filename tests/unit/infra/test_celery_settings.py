import pytest

from socialcube.infra.celery_settings import QUEUE_OF_KIND, QUEUES, broker_settings, broker_url
from socialcube.kernel.secrets import Secret


@pytest.mark.parametrize(
    ("ours", "kombus"),
    [
        ("redis://:pass@host:6380/3", "redis://:pass@host:6380/3"),
        ("rediss://host/0", "rediss://host/0"),
        ("unix:///var/redis.sock", "redis+socket:///var/redis.sock?virtual_host=0"),
        ("unix:///var/redis.sock?db=2", "redis+socket:///var/redis.sock?virtual_host=2"),
        ("unix://:pass@/var/redis.sock", "redis+socket://:pass@/var/redis.sock?virtual_host=0"),
    ],
)
def test_urls_are_written_as_kombu_reads_them(ours: str, kombus: str) -> None:
    assert broker_url(Secret(ours)) == kombus


def test_every_kind_has_a_queue_that_exists() -> None:
    assert set(QUEUE_OF_KIND.values()) <= set(QUEUES)


def test_only_json_is_accepted() -> None:
    settings = broker_settings(Secret("redis://host"), namespace="a", socket_timeout=1)
    assert settings["accept_content"] == ["json"]


def test_installations_on_one_server_have_keys_of_their_own() -> None:
    options = broker_settings(Secret("redis://host"), namespace="a", socket_timeout=1)[
        "broker_transport_options"
    ]
    assert options["global_keyprefix"] == "a:celery:"
