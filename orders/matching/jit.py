"""Compilation to machine code, typed. What was compiled is kept on disk under the digest of the sources.

Numba alone looks only at the file of the function itself; a change in a function that it calls would go unnoticed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """As if the package were not installed; no difference where it is loaded already."""
    modules: dict[str, Any] = sys.modules
    missing = name not in modules
    modules.setdefault(name, None)
    yield
    if missing:
        del modules[name]


# where SciPy is installed, numba loads its linear algebra: 17 MB and a tenth of a second for what nothing here uses
with _absent("scipy"):
    import numba
    from numba.core.registry import cpu_target

    cpu_target.target_context.refresh()

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
