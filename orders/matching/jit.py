"""Compilation to machine code, typed. What was compiled is kept on disk under the digest of the sources.

Numba alone looks only at the file of the function itself; a change in a function that it calls would go unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

# of the folders beside the sources that hold what was compiled
PREFIX: Final = "compiled-"
F = TypeVar("F", bound=Callable[..., Any])


def _digest() -> str:
    """Of every source that is compiled, and of the compiler's version."""
    found = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        text = source.read_bytes()
        if b"jit import" in text:
            found.update(text)
    return found.hexdigest()[:16]


# numba fills its configuration at run time
_config: Any = numba.config
if not _config.CACHE_DIR:
    _config.CACHE_DIR = str(Path(__file__).parent / "__pycache__" / f"{PREFIX}{_digest()}")


def compiled(function: F) -> F:
    """The function as machine code: plain loops over arrays, exact arithmetic, no Python objects."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False)(function))


def inlined(function: F) -> F:
    """The same for a small function that is copied into its callers: passing many arrays costs more than its work."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False, inline="always")(function))
