"""Notices that `make` itself was told to stop, or is gone, when nobody told us."""

import os
import signal
import threading
import time
from pathlib import Path

_POLL_SECONDS = 0.5


def stop_with_make() -> None:
    """Stop this process when the `make` that started it ends or was interrupted.

    Ctrl-C reaches both. A SIGINT sent to make alone does not: make then waits silently for its children
    (GNU make, `fatal_error_signal`), and we would run on.
    """
    if "MAKELEVEL" in os.environ:
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    catches_at_first = _catches_interrupt(parent)
    while os.getppid() == parent and _catches_interrupt(parent) == catches_at_first:
        time.sleep(_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _catches_interrupt(pid: int) -> bool:
    """Tell whether a process handles SIGINT; make stops doing so once it came. Linux only, else False."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) & 1 << (signal.SIGINT - 1))
