"""`/metrics` for Prometheus: the same figures as `flask fleet status`, for a token or for this machine."""

import hmac
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, Response, request
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from socialcube.domain.overview import queries as overview
from socialcube.domain.overview.types import FleetStatus
from socialcube.web import guard
from socialcube.web.context import services, settings

blueprint: Final = Blueprint("metrics", __name__)

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_REFUSED: Final = 403


@blueprint.get("/metrics")
@guard.public
def show() -> tuple[Response, int] | Response:
    """Give the metrics, or a sentence to who may not have them."""
    if not _may_read():
        words = "Send METRICS_TOKEN as `Authorization: Bearer …`, or ask from this machine without a proxy.\n"
        return Response(words, mimetype="text/plain"), _REFUSED
    shared = services().shared
    with shared.reads() as session:
        status = overview.get_fleet_status(
            session,
            shared.clock.now(),
            lease_seconds=settings().fleet.lease_seconds,
            max_bots=settings().fleet.max_bots,
        )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Status(status))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Status(Collector):
    """Turns one status into metrics. Nothing is kept between two questions, so any web process may answer."""

    def __init__(self, status: FleetStatus) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        status = self._status
        yield _one("runners", "Bot runners that live.", len(status.runners))
        yield _one("capacity_units", "Shards that these runners take at most.", status.capacity)
        yield _one("units_wanted", "Shards that should run; a small bot is one.", status.units_wanted)
        yield _one("units_owned", "Shards that a living runner holds.", status.units_owned)
        yield _one("bots_wanted", "Bots that should run.", status.wanted)
        yield _by("bots", "Bots by state.", "state", {_key(word): n for word, n in status.bots.items()})
        yield _by("runner_units", "Shards by runner.", "runner", _units_of(status))
        yield _one("session_starts_24h", "Session starts in the last 24 hours.", status.starts_today)
        yield _by(
            "invalid_answers_10m",
            "Answers 401, 403 and 429 in ten minutes.",
            "address",
            status.invalid_answers,
        )
        yield _one("invalid_answers_limit", "At which an address pauses.", status.invalid_limit)
        kinds = {kind.value: count for kind, count in status.open_alerts.items()}
        yield _by("alerts_open", "Alerts that are not over, by kind.", "kind", kinds)
        yield _one("alert_messages_waiting", "Messages of alerts that are tried again.", status.unsent)
        yield _one("jobs_waiting", "Jobs that nobody took up for a minute.", status.jobs_waiting)


def _may_read() -> bool:
    token = settings().metrics_token.reveal()
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # A proxy on this machine makes the whole world look local; what it adds gives it away.
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    return not is_forwarded and _is_local(request.remote_addr or "")


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _units_of(status: FleetStatus) -> dict[str, int]:
    return {f"{runner.host}:{runner.pid}": runner.bots for runner in status.runners}


def _key(word: str) -> str:
    return word.lower().replace(" ", "_")


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"socialcube_{name}", help_text, value=value)


def _by(name: str, help_text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"socialcube_{name}", help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
