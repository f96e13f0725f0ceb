"""An instance file from disk to parsed JSON; what is wrong with it is said with its place."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, Final

GZIP_MAGIC: Final = b"\x1f\x8b"


class BadFile(ValueError):
    """A file that cannot be used: ``place`` like ``orders[17].shifts[0].end`` ("" for the whole), and the problem."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place, self.problem = place, problem


class Repeated:
    """Stands for the value of a key that one object has twice; no check accepts it."""


def read_json(path: Path) -> Any:
    """The parsed content of a plain or gzipped JSON file.

    NaN and Infinity pass here, they are refused where a number is checked. Raises BadFile, and OSError if
    the file cannot be read.
    """
    data = path.read_bytes()
    if path.suffix == ".gz" or data.startswith(GZIP_MAGIC):
        data = _unzipped(data)
    return parse(data)


def parse(data: bytes) -> Any:
    """JSON of any Unicode encoding. Raises BadFile with line and column."""
    try:
        return json.loads(data, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise BadFile(f"line {error.lineno} column {error.colno}", f"not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"byte {error.start}", f"not text: {error.reason}") from error
    except RecursionError as error:
        raise BadFile("", "nested too deeply") from error
    except ValueError as error:
        # a number of thousands of digits
        raise BadFile("", f"a number is too long: {error}") from error


def is_raw(instance: Any) -> bool:
    """Whether the instance says ``meta.raw``. Raises BadFile if it has no meta, or raw is neither true nor false."""
    if type(instance) is not dict:
        raise BadFile("", "must be an object with meta")
    meta = instance.get("meta")
    if type(meta) is not dict:
        raise BadFile("meta", "missing" if meta is None else "must be an object")
    raw = meta.get("raw", False)
    if type(raw) is not bool:
        raise BadFile("meta.raw", "must be true or false")
    return raw


def _unzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except EOFError as error:
        raise BadFile("", "the gzip file is cut off") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BadFile("", f"not a good gzip file: {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found[key] = Repeated()
            seen.add(key)
    return found
