"""Sends a test through an alert channel, and says in words what came of it."""

from uuid import UUID

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.alerts import policy, queries
from socialcube.domain.alerts.types import ChannelKind
from socialcube.domain.jobs.types import JobView

_ANSWERS = {
    ChannelKind.DISCORD: "Discord took the test. It stands in the webhook's channel now.",
    ChannelKind.MAIL: "The mail server took the test. It should be in the mailbox in a moment; look into the "
    "spam folder, too.",
}


def send_test(services: WorkerServices, job: JobView) -> dict[str, object]:
    """Send a test. Gives the answer as a sentence.

    Raises:
        ChannelNotFoundError, AddressUnreadableError: as they say.
        ChannelGoneError, SendRefusedError, SendLaterError: why it did not arrive.
    """
    shared, channel_id = services.shared, UUID(str(job.payload["channel_id"]))
    with shared.reads() as session:
        channel = queries.get_channel(session, channel_id)
        found = queries.get_address(session, channel_id)
    target = services.addresses.open(found.sealed, channel_id=channel_id)
    notice = policy.test_notice(
        channel.name, key=job.id.hex, public_url=shared.settings.web.public_url, now=shared.clock.now()
    )
    services.messengers[found.kind].send(target, notice)
    return {"answer": _ANSWERS[found.kind]}
