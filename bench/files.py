"""Where the benchmark keeps what takes long to make: instances, bounds, and what others reached."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import staffgen

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("BENCH_DIR", ROOT / ".local" / "bench"))

Json = dict[str, Any]


def instance(size: str, profile: str, seed: int) -> Path:
    """The instance's file, made if it is not there yet."""
    path = HOME / f"{size}-{profile}-{seed}.json"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        staffgen.dump(staffgen.generate(size, profile, seed), str(part))
        part.rename(path)
    return path


def key_of(path: Path, *more: object) -> str:
    """Changes with the instance, the law that reads it, and whatever else the result depends on."""
    law = hashlib.sha256(Path(staffgen.__file__).read_bytes()).hexdigest()
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps([law, content, *map(str, more)]).encode()).hexdigest()[:16]


def cached(path: Path, kind: str, make: Callable[[], Json], *more: object) -> Json:
    """What ``make`` gives for this very instance, from an earlier run if there was one."""
    kept = HOME / f"{path.stem}.{kind}.json"
    key = key_of(path, *more)
    if kept.exists():
        found: Json = json.loads(kept.read_text())
        if found.get("key") == key:
            return found
    made = make() | {"key": key}
    HOME.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(made))
    return made
