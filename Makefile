# One virtual environment in .venv, filled from files that lock every package by its hash.
# Stamp files in it keep a second run from installing again.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
WORKERS ?= auto
ARGUMENTS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
RUNTIME := $(VENV)/runtime.stamp
PACKAGE := $(VENV)/package.stamp
TESTS := $(VENV)/tests.stamp
BROWSER_SOURCES := $(wildcard web/assets/*.json web/assets/*.mjs web/assets/src/* workflows/letterheads/*.css)

.DEFAULT_GOAL := help
.PHONY: help demo test check style types rules processes bench soak lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(PACKAGE) ## Serve the demonstration city at http://127.0.0.1:8000/
	$(BIN)/doudi demo $(ARGUMENTS)

test: $(TESTS) ## Run every test but the long ones; WORKERS=1 for one process
	$(BIN)/python -m tests.e2e.browser.chromium
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGUMENTS)

check: style types rules processes ## Check style, types, the architecture, the documents and every process

style: $(TESTS)
	$(BIN)/ruff check .

types: $(TESTS)
	$(BIN)/mypy

rules: $(TESTS)
	$(BIN)/pytest tests/test_architecture.py tests/test_docs.py

processes: $(TESTS)
	$(BIN)/doudi check bpmn

bench: $(PACKAGE) ## Measure what completing a task costs, long cases, jobs, timers, messages, expressions
	$(BIN)/doudi bench completion
	$(BIN)/doudi bench history
	$(BIN)/doudi bench fanout --items 1000
	$(BIN)/doudi bench jobs
	$(BIN)/doudi bench timers --timers 2000
	$(BIN)/doudi bench messages --waiting 10000
	$(BIN)/doudi bench feel

soak: $(TESTS) ## Run the long tests: random expressions, 50,000 random diagrams, 100,000 timers, servers killed over and over
	$(BIN)/pytest -m soak $(ARGUMENTS)

lock: $(RUNTIME) ## Compile requirements/*.in into the locked files again
	$(INSTALL) uv==0.13.9
	for name in build runtime test; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  -c requirements/build.txt -c requirements/runtime.txt \
	  --output-file requirements/$$name.txt requirements/$$name.in || exit 1; done

clean: ## Remove what was installed and built; the data in var/ stays
	rm -rf $(VENV) web/static/dist web/assets/node_modules

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Expected Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/build.txt requirements/runtime.txt | $(BIN)/python
	$(INSTALL) --no-deps --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@touch $@

$(PACKAGE): $(RUNTIME) requirements/runtime.in pyproject.toml hatch_build.py $(BROWSER_SOURCES)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTS): requirements/test.txt $(PACKAGE)
	$(INSTALL) --no-deps --require-hashes -r requirements/test.txt
	@touch $@
