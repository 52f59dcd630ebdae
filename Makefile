# report-qa. `make` alone lists the targets. Every target makes its own .venv; a second run does no set-up.
PYTHON ?= python3
BIN := .venv/bin
CODE := documents index qa eval $(wildcard app.py)

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.DELETE_ON_ERROR:

# The question reaches `qa` through the environment, unexpanded: quotes, $ and Chinese arrive as typed.
override Q := $(value Q)
export Q

.PHONY: help ask chat test check types gate fix bench clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1	\2/p' Makefile | expand -t 16

ask: .venv/.installed  ## an answer from the bundled reports: make ask Q='…'
	@if [ -z "$$Q" ]; then echo "make ask: Q is empty. Give it a question: make ask Q='…'" >&2; exit 2; fi
	@$(BIN)/qa ask -- "$$Q"

chat: .venv/.installed  ## the chat page in a browser
	@$(BIN)/qa serve

test: .venv/.installed-dev  ## all tests
	@$(BIN)/python -m pytest -n 2

check: .venv/.installed-dev  ## lint, format and types, changing nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) types

types: .venv/.installed-dev  ## types alone
	@$(BIN)/mypy --strict $(CODE)

gate: .venv/.installed  ## fail when the answers fall under the accuracy reached on the bundled questions
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	  $(BIN)/qa --home "$$home" index --json >/dev/null && \
	  $(BIN)/qa --home "$$home" eval eval/sets/samples.jsonl --fail-under 0.93

fix: .venv/.installed-dev  ## apply what lint and format can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.installed-dev  ## accuracy and speed
	@$(BIN)/python -m eval.bench

clean:  ## remove what building and testing leave behind (.venv stays)
	@rm -rf build dist ./*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up speaks on stderr only, so that the stdout of `make ask` is the answer.
.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "report-qa needs Python 3.11 or later; $(PYTHON) is not. Name another: make PYTHON=python3.11 …" >&2; exit 2; }
	@echo "Setting up .venv (once; a few minutes) …" >&2
	@$(PYTHON) -m venv .venv >&2

.venv/.installed: pyproject.toml constraints.txt | .venv/pyvenv.cfg
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . >&2
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/pyvenv.cfg
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]" >&2
	@touch .venv/.installed $@
