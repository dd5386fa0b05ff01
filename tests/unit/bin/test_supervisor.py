import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
SCRIPT = """
import sys
from bin.lib import supervisor
from bin.lib.guard import Guard
supervisor._PAUSE_SECONDS = 0
guard = Guard()
manager = supervisor.Supervisor(guard)
manager.add_all({"bots": sys.argv[1]}, {})
manager.loop()
guard.finish()
print(manager.first_stopped)
"""


@pytest.mark.parametrize(
    ("code", "starts", "end"),
    [
        pytest.param("71 if {n} < 3 else 5", 3, 5, id="twice after a sleep"),
        pytest.param("75", 4, 75, id="again and again"),
        pytest.param("70", 1, 70, id="a fault"),
    ],
)
def test_a_process_that_asks_for_a_fresh_start_gets_one(
    tmp_path: Path, code: str, starts: int, end: int
) -> None:
    count = tmp_path / "starts"
    number = f"len(open('{count}').read())"
    program = f"import sys; open('{count}', 'a').write('x'); sys.exit({code.format(n=number)})"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, f'{sys.executable} -c "{program}"'],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert f"('bots', {end})" in done.stdout
    assert done.stdout.count("to start afresh") == starts - 1
    assert len(count.read_text()) == starts


STUCK = """
import os, signal, sys, threading, time
from bin.lib import guard, supervisor
supervisor._KILL_SECONDS = supervisor._LAST_SECONDS = guard._GRACE_SECONDS = 0.2
manager = supervisor.Supervisor(guard.Guard())
manager.add_all({"bots": sys.argv[1]}, {})

def stop_once_started():
    while not manager._processes["bots"].get("pid"):
        time.sleep(0.01)
    print(manager._processes["bots"]["pid"], flush=True)
    os.kill(manager._processes["bots"]["process"].pid, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=stop_once_started).start()
manager.loop()
"""


def test_a_process_whose_end_nobody_tells_is_left_to_the_guard() -> None:
    launcher = subprocess.run(
        [sys.executable, "-c", STUCK, f'{sys.executable} -c "import time; time.sleep(600)"'],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert launcher.returncode == 1
    program = Path("/proc") / launcher.stdout.split()[0]
    deadline = time.monotonic() + 30
    while program.exists():
        assert time.monotonic() < deadline, "the program goes on"
        time.sleep(0.05)
