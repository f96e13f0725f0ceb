"""Memory of this process in MB of 1024² bytes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def _status(field: str) -> float:
    found = re.search(rf"^{field}:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")


def now_mb() -> float:
    """Held now."""
    return _status("VmRSS")


def peak_mb() -> float:
    """The most held so far."""
    return _status("VmHWM")


def bare_mb() -> float:
    """The most that this interpreter holds with nothing imported."""
    program = "print(open('/proc/self/status').read())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = re.search(r"^VmHWM:\s*(\d+) kB$", done.stdout, re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")
