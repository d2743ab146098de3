# On a fresh machine with Python 3.11 or newer and make:
#   make demo    the desk on the crash of November 2025, without network
#   make test    the tests
# Set-up speaks on standard error, so that `make demo | cat` prints the brief alone.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
TORTURE ?=

APP := $(VENV)/.app-installed
DEV := $(VENV)/.dev-installed

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.PHONY: demo test check format docs pictures bench torture dev clean

demo: $(APP)
	@$(BIN)/crashdesk demo

test: $(DEV)
	@$(BIN)/python -m pytest -n $(WORKERS)

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(APP)
	@$(BIN)/python docs/make_docs.py

pictures: $(APP)
	@$(BIN)/python docs/make_pictures.py

bench: $(DEV)
	@$(BIN)/python -m bench

torture: $(DEV)
	@$(BIN)/python -m tests.torture $(TORTURE)

dev: $(DEV)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find crashdesk tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >&2 \
	  || { echo "crashdesk needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "crashdesk: making $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV) >&2 \
	  || { rm -rf $(VENV); echo "python's venv module is needed (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }

$(APP): pyproject.toml | $(BIN)/python
	@echo "crashdesk: installing" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --editable . >&2
	@$(BIN)/python -m compileall -q crashdesk >&2
	@touch $@

$(DEV): $(APP)
	@echo "crashdesk: installing what the tests need" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --compile --group dev >&2
	@touch $@
