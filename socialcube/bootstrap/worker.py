"""What a worker process composes: the shared parts and a way to send jobs again."""

from dataclasses import dataclass

from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.domain.logs.sink import DatabaseLogSink
from socialcube.infra.task_queue import CeleryTaskQueue
from socialcube.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """The parts of one worker process.

    Attributes:
        shared: what all shells have.
        sink: takes error records.
        queue: sends jobs to the workers, this one among them.
    """

    shared: Services
    sink: DatabaseLogSink
    queue: CeleryTaskQueue

    def start(self) -> None:
        """Start what runs beside the tasks. Only after the fork: a thread does not survive one."""
        self.sink.start()

    def close(self) -> None:
        """End it, storing what waits."""
        self.sink.close()
        self.queue.close()
        self.shared.close()


def build(settings: Settings) -> WorkerServices:
    """Compose the worker's parts. Nothing connects before it is used."""
    queue = CeleryTaskQueue(settings.redis_url, namespace=settings.socketio_channel)
    shared = services.build(settings, send_job=queue.send)
    return WorkerServices(shared=shared, sink=shared.make_sink(), queue=queue)
