# Two commands for everybody: `make demo` and `make test`. Everything happens in .venv beside this file.
# Nothing here is needed to use Longlist: `uv tool install .` or `pipx install .` do that, on Windows too.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check lint types layers tests format lock pictures bench clean

help:
	@echo "make demo      set up and open the interface on the fictional sample catalogue"
	@echo "make test      set up and run everything that CI runs"
	@echo "make format    write the code in the house's layout"
	@echo "make lock      renew requirements/*.txt from pyproject.toml"
	@echo "make pictures  draw the pictures of README and docs from the sample"
	@echo "make bench     measure import, search, reparse, the interface and matching (needs RECORDS=file.jsonl)"

demo: $(VENV)/.ready
	@$(BIN)/longlist demo

test: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The environment is made anew when the locked versions change.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Longlist needs Python 3.11 or newer, and no '$(PYTHON)' was found. Install it, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Longlist needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "'$(PYTHON) -m venv' failed; its message is above. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/.ready: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.ready

lock: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable ".[maintain]"
	sh requirements/lock.sh $(BIN)/uv

pictures: $(VENV)/.ready-dev
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/export_pictures.py

bench: $(VENV)/.ready-dev
	@test -n "$(RECORDS)" || { echo "Name the service records to measure with: make bench RECORDS=file.jsonl" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable ".[bench]"
	$(BIN)/python benchmarks/bench_import.py --records $(RECORDS)
	$(BIN)/python benchmarks/bench_search.py --records $(RECORDS)
	$(BIN)/python benchmarks/bench_reparse.py --records $(RECORDS)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(BIN)/longlist --db "$$folder/bench.db" import "$(RECORDS)" && \
	$(BIN)/python benchmarks/bench_app.py "$$folder/bench.db" && \
	$(BIN)/python benchmarks/bench_match.py

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
