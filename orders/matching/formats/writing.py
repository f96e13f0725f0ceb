"""What the command line writes: solutions and figures as JSON, whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def solution_text(pairs: Iterable[tuple[int, int]]) -> str:
    """``{"assignments": [[shift, worker], …]}`` in order of shift and worker, with a line end."""
    rows = ",".join(f"[{shift},{worker}]" for shift, worker in sorted(pairs))
    return f'{{"assignments":[{rows}]}}\n'


def json_text(value: Any) -> str:
    """JSON for people to read, with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write_text(path: Path, text: str) -> None:
    """Put the text into the file, gzipped if it is named so. A reader sees the old content or the new, never a part.

    Raises OSError and leaves nothing behind.
    """
    target = Path(os.path.realpath(path))
    data = _zipped(text.encode()) if path.suffix == ".gz" else text.encode()
    if target.exists() and not target.is_file():
        # a pipe or a device has no old content to keep
        target.write_bytes(data)
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _zipped(data: bytes) -> bytes:
    """Equal data gives equal bytes: neither time nor name go into the header."""
    held = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=held, mode="wb", mtime=0) as file:
        file.write(data)
    return held.getvalue()
