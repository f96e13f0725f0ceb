# The commands of the project. `make` alone lists them.
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
SCALE ?= 1
WORKERS ?= 2

PY := .venv/bin/python
STAMP := .venv/.installed
MANAGE := $(PY) manage.py
# What a check needs to load the settings; nothing listens there, nothing is signed with it.
NOWHERE := DATABASE_URL=postgres://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0
KEY := STAFFING_ENV=test SECRET_KEY=only-to-load-the-settings
LOAD := $(NOWHERE) $(KEY)
PRODUCTION := $(NOWHERE) STAFFING_ENV=production ALLOWED_HOSTS=agency.example PUBLIC_URL=https://agency.example \
  SECRET_KEY=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz \
  VAULT_KEYS=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz

BENCH_ONLY := 'ortools>=9.12'

.PHONY: help install demo story test check vendor bench simulate format messages pictures manage lock

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(STAMP) ## make .venv and install what requirements.lock pins

$(STAMP): requirements.lock $(wildcard locale/*/LC_MESSAGES/*.po) $(wildcard orders/matching/*.py)
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or newer, or name it: make PYTHON=…" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed, name it with make PYTHON=…" >&2; exit 2; }
	@test -x $(PY) || { echo "making .venv"; $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; }
	@cmp -s requirements.lock .venv/.lock || { echo "installing what requirements.lock pins" \
	  && $(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock && cp requirements.lock .venv/.lock; }
	@echo "compiling the texts"; $(LOAD) $(MANAGE) messages --compile
	@echo "compiling the matching engine"; $(PY) -m orders.matching --compile
	@touch $@

demo: install ## start everything with demo data (PORT=8000 HOST=127.0.0.1 SCALE=1 RESET=1)
	@exec $(PY) -m staffing.runner demo --die-with-parent --host $(HOST) --port $(PORT) --scale $(SCALE) $(if $(filter-out 0,$(RESET)),--reset)

story: install ## drive the running demo through the main line
	@exec $(PY) -m staffing.runner story

manage: install ## run a command of manage.py on the running demo (ARGS="shell")
	@exec $(PY) -m staffing.runner manage $(ARGS)

test: install ## run every test (WORKERS=2 processes, ARGS for pytest)
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: install ## format, lint, types, imports, migrations, texts, deployment
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(LOAD) $(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) -m staffing.runner ephemeral -- env $(KEY) $(MANAGE) makemigrations --check --dry-run
	$(LOAD) $(MANAGE) messages --check
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(LOAD) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

vendor: install ## rebuild the browser libraries from their packages (npm) and compare
	@PYTHON=$(PY) scripts/rebuild_vendor.sh

bench: install ## measure the matching engine and write docs/benchmarks.md (ARGS="--sizes S M")
	@cmp -s pyproject.toml .venv/.bench || { $(PY) -m pip install --disable-pip-version-check -c requirements.lock $(BENCH_ONLY) && cp pyproject.toml .venv/.bench; }
	$(PY) -m bench $(ARGS)

simulate: install ## live a simulated month of the agency (ARGS="--days 30 --compare"); docs/simulation.md
	$(PY) -m staffing.runner ephemeral -- env $(KEY) $(MANAGE) simulate $(ARGS)

format: install ## format the code and mend what the linter can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: install ## collect the texts of both languages
	$(LOAD) $(MANAGE) messages

pictures: install ## take the pictures of docs/ from the running demo
	@exec $(PY) -m staffing.runner manage pictures

UV_COMPILE := -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

lock: ## pin every package again, with hashes (needs uv in .venv)
	$(PY) $(UV_COMPILE) --extra dev --output-file requirements.lock
	$(PY) $(UV_COMPILE) --constraint requirements.lock --output-file deploy/requirements.lock
