"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "numba", "django", "highspy")


def _first(file: str, pattern: str) -> str:
    path = Path(file)
    found = re.search(pattern, path.read_text(), re.MULTILINE) if path.exists() else None
    return found[1].strip() if found else "unknown"


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"


def _ortools(python: str) -> str:
    asked = [python, "-c", "from importlib.metadata import version; print(version('ortools'))"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"ortools {done.stdout.strip()}" if done.returncode == 0 else "ortools not installed"


def describe(cpsat_python: str) -> dict[str, str]:
    """Processor, cores, memory, system, Python and packages in words; OR-Tools as the other interpreter has it."""
    memory = _first("/proc/meminfo", r"^MemTotal:\s*(\d+) kB")
    return {
        "processor": _first("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory) / 1024 / 1024:.0f} GB" if memory.isdigit() else memory,
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "packages": ", ".join([*map(_version, PACKAGES), _ortools(cpsat_python)]),
    }
