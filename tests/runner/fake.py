"""A run of fake services for the tests of the supervisor: `python -m tests.runner.fake DIRECTORY`.

`parent` starts a child of its own in another session, as a pool of workers might; `short` does not catch SIGTERM. Each
writes its pids into DIRECTORY as soon as it runs.
"""

import os
import sys
from pathlib import Path

from staffing.runner.console import Console
from staffing.runner.guard import StopWatch, guarded
from staffing.runner.processes import Service, Supervisor

_PARENT = """
import os, pathlib, signal, subprocess, sys
place = pathlib.Path(sys.argv[1])
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
def end(*_):
    (place / "ended").write_text("in order")
    child.kill()
    child.wait()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
(place / "grandchild").write_text(str(child.pid))
(place / "parent").write_text(str(os.getpid()))
signal.pause()
"""
_SHORT = """
import os, pathlib, sys, time
(pathlib.Path(sys.argv[1]) / "short").write_text(str(os.getpid()))
time.sleep(600)
"""


def main(place: Path) -> int:
    """Run the fake services until the end is asked for."""

    def work(stop: StopWatch) -> int:
        supervisor = Supervisor(stop, Console())
        try:
            (place / "engine").write_text(str(os.getpid()))
            for name, code in (("parent", _PARENT), ("short", _SHORT)):
                argv = [sys.executable, "-c", code, str(place)]
                supervisor.start(Service(name, argv, dict(os.environ), place / f"{name}.log", grace=5.0))
            while True:
                supervisor.pause()
        finally:
            supervisor.stop_all()

    return guarded(work, die_with=os.getppid())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
