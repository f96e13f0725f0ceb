"""Build or check `static/vendor/`, the browser libraries served by the product itself.

`npm ci && python scripts/vendor.py` rebuilds the folder from `node_modules`; `python scripts/vendor.py --check`
compares the committed files with their manifest, without network; with `--rebuild` it also rebuilds elsewhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICON_LIST = ROOT / "static" / "icons.txt"
LOCK = ROOT / "package-lock.json"
MANIFEST = "manifest.json"
SPRITE = "icons.svg"

COPIES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    # Lines, bars and points with the SVG renderer in it: two thirds of the whole.
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "LICENSE.echarts.txt": "echarts/LICENSE",
    "NOTICE.echarts.txt": "echarts/NOTICE",
    "LICENSE.htmx.txt": "htmx.org/LICENSE",
    "LICENSE.idiomorph.txt": "idiomorph/LICENSE",
    "LICENSE.sortable.txt": "sortablejs/LICENSE",
    "LICENSE.tabler-icons.txt": "@tabler/icons/LICENSE",
}
SOURCE_MAP = re.compile(rb"^\s*(?://|/\*)# sourceMappingURL=.*$\n?", re.MULTILINE)
SVG_BODY = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
BLANK_PATH = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def icon_names() -> list[str]:
    """Names of the icons in use, as listed in `static/icons.txt` (a name ending in `-filled` is the filled drawing)."""
    return ICON_LIST.read_text(encoding="utf-8").split()


def icon_source(name: str) -> Path:
    """The drawing of one icon inside the npm package."""
    filled = name.endswith("-filled")
    folder = "filled" if filled else "outline"
    return MODULES / "@tabler/icons/icons" / folder / f"{name.removesuffix('-filled')}.svg"


def symbol(name: str) -> str:
    """One `<symbol>` whose id is the icon's name; paint comes from presentation attributes, never from inline style."""
    match = SVG_BODY.search(icon_source(name).read_text(encoding="utf-8"))
    if match is None:
        raise ValueError(f"not an SVG drawing: {name}")
    body = re.sub(r"\s+", " ", BLANK_PATH.sub("", match.group(1))).strip()
    filled = 'fill="currentColor" stroke="none"'
    outline = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    paint = filled if name.endswith("-filled") else outline
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{body}</symbol>'


def sprite() -> bytes:
    """All icons in use as one SVG file."""
    symbols = "\n".join(symbol(name) for name in sorted(set(icon_names())))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'.encode()


def package_versions() -> dict[str, str]:
    """Versions pinned by the lock file, by package name."""
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return {path.removeprefix("node_modules/"): entry["version"] for path, entry in sorted(packages.items()) if path}


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in the folder but the manifest, by file name."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def build(folder: Path) -> None:
    """Write every vendored file and the manifest into an existing folder, removing what no longer belongs."""
    wanted = {target: SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()) for target, source in COPIES.items()}
    wanted[SPRITE] = sprite()
    for path in folder.iterdir():
        if path.is_file() and path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_bytes(content)
    manifest = {"packages": package_versions(), "sha256": digests(folder)}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def problems(folder: Path = VENDOR) -> list[str]:
    """What is wrong with the committed folder, in words; empty when it is whole. Needs no `node_modules`."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = digests(folder)
    changed = [
        name
        for name in sorted(manifest["sha256"].keys() | found.keys())
        if manifest["sha256"].get(name) != found.get(name)
    ]
    texts = [f"{name}: differs from the manifest" for name in changed]
    if manifest["packages"] != package_versions():
        texts.append("package-lock.json names other versions than the manifest")
    ids = set(re.findall(r'<symbol id="([^"]+)"', (folder / SPRITE).read_text(encoding="utf-8")))
    texts += [f"icon {name}: listed or drawn, not both" for name in sorted(ids ^ set(icon_names()))]
    return texts


def rebuild_problems() -> list[str]:
    """Differences between the committed folder and a fresh build from `node_modules`."""
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch))
        fresh, found = digests(Path(scratch)), digests(VENDOR)
    return [
        f"{name}: differs from a fresh build"
        for name in sorted(fresh.keys() | found.keys())
        if fresh.get(name) != found.get(name)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status, 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the committed files with the manifest")
    parser.add_argument("--rebuild", action="store_true", help="with --check: rebuild from node_modules and compare")
    options = parser.parse_args(arguments)
    if not options.check:
        VENDOR.mkdir(parents=True, exist_ok=True)
        build(VENDOR)
        return 0
    found = problems() + (rebuild_problems() if options.rebuild else [])
    print("\n".join(found) or "static/vendor: as listed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
