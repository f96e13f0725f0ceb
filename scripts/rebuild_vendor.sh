#!/usr/bin/env bash
# Compares static/vendor with a fresh build from the packages that package-lock.json pins. Where npm is missing or
# reaches no registry, the committed files are compared with their manifest alone; the last line says which it was.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}

manifest_only() {
  "$python" scripts/vendor.py --check
  echo "static/vendor: compared with its manifest, not rebuilt ($1)"
}

command -v npm >/dev/null || { manifest_only "npm is not here"; exit; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! timeout 120 npm ci --no-progress >"$log" 2>&1; then
  # A package that is not what was pinned is the very thing this looks for; a network that is away is not.
  if grep -qE "EINTEGRITY|EUSAGE" "$log"; then
    cat "$log" >&2
    exit 1
  fi
  manifest_only "npm could not fetch the packages: $(grep -m1 -oE 'E[A-Z]{4,}|[0-9]{3} [A-Z][a-z]+' "$log" || echo "see npm ci")"
  exit
fi
"$python" scripts/vendor.py --check --rebuild
echo "static/vendor: rebuilt from the pinned packages and compared"
