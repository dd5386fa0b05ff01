"""What the tasks of one process share. Made in each forked process, not before."""

import os
import socket
from functools import cached_property

from socialcube.bootstrap import worker as composition
from socialcube.bootstrap.worker import WorkerServices
from socialcube.kernel.settings import Settings


class Runtime:
    """Holds the services of this process once it is known which one that is.

    Args:
        settings: all that the environment decides.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def services(self) -> WorkerServices:
        """Give the services, made at the first question."""
        return composition.build(self.settings)

    @property
    def claimant(self) -> str:
        """Give the name under which this process claims jobs."""
        return f"worker:{socket.gethostname()}:{os.getpid()}"[:80]

    def start(self) -> None:
        """Start this process's own services: what the parent made belongs to the parent."""
        self.__dict__.pop("services", None)
        self.services.start()

    def close(self) -> None:
        """End them, storing what waits."""
        if "services" in self.__dict__:
            self.services.close()
            del self.__dict__["services"]
