"""QR codes for pages."""

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(text: str, *, scale: int = 8, border: int = 3) -> SafeString:
    """The code as an SVG without styles: dark on white in every theme.

    `scale`: units of length a module; `border`: modules.
    """
    drawn = segno.make(text, error="m")
    picture = drawn.svg_inline(scale=scale, border=border, dark="#000", light="#fff", omitsize=True)
    return mark_safe(picture)  # noqa: S308  # drawn by the library: no character of the text stands in it
