"""Pictures of ours under random names, where no server hands out files: each is behind a view that asks who looks."""

import secrets
from collections.abc import Iterable
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.http import Http404, HttpResponse

from staffing.core.photos import MIME, Safe


def store() -> Storage:
    """Where the files are."""
    return storages["private"]


def write(safe: Safe) -> tuple[str, str]:
    """Put a clean picture into the store; the names of the picture and of the small one. Both, or neither."""
    file = _write(safe.content)
    try:
        return file, _write(safe.small)
    except BaseException:
        remove([file])
        raise


def _write(content: bytes) -> str:
    return store().save(f"{secrets.token_hex(16)}.webp", ContentFile(content))


def remove(names: Iterable[str]) -> None:
    """Delete files, as far as they are there."""
    for name in names:
        with suppress(OSError):
            store().delete(name)


def read(name: str) -> bytes:
    """One file, some hundred kB. Raises `FileNotFoundError` if it is gone."""
    with store().open(name) as file:
        return bytes(file.read())


def answer(name: str, *, kept: str = "private, max-age=86400, immutable") -> HttpResponse:
    """A picture that can be nothing else to a browser; it may keep it, nobody between may (`kept`: Cache-Control).

    `Http404` without a name, and for a file that is gone.
    """
    try:
        content = read(name) if name else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404
    headers = {"Content-Disposition": "inline", "Cache-Control": kept, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        content, content_type=MIME, headers=headers | {"Content-Security-Policy": "default-src 'none'; sandbox"}
    )
