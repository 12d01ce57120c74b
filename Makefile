# Two commands matter: `make demo` and `make test`. Each does its own set-up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .uv/bin/uv
BIN := .venv/bin
XDIST ?= -n 2
WALKS ?= tests/walks
# Bytecode lies apart from the sources: tests start hundreds of processes, each of which would compile what it imports.
export PYTHONPYCACHEPREFIX = $(CURDIR)/.bytecode
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-postgres lint types contracts exchange-tests exchange-tests-full walks bench install clean

help: ## list the recipes
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

$(UV):
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.installed: $(UV) pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --extra node --extra learn --extra pictures
	@touch $@

install: .venv/.installed ## install everything from the lock file into .venv

demo: .venv/.installed ## draw a market, scan it, start the node and say where to look
	$(BIN)/countermark demo

test: .venv/.installed ## every test on the embedded database
	$(BIN)/pytest $(XDIST) -m "not walk and not exchange"

test-postgres: .venv/.installed ## the node's tests on PostgreSQL (DATABASE_URL says where)
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(BIN)/pytest $(XDIST) -m "not walk and not exchange" src/countermark/node tests

# Empty leaves out the pair of nodes that keeps its rows on PostgreSQL.
export COUNTERMARK_EXCHANGE_POSTGRESQL ?= postgres://postgres@127.0.0.1:5432/postgres

exchange-tests: .venv/.installed ## pairs of nodes talk over loopback, are killed, altered, rolled back
	$(BIN)/pytest -m exchange -p no:xdist -p no:randomly --allow-hosts=127.0.0.1 tests/exchange

exchange-tests-full: .venv/.installed ## the same at full size: a million entries, every bit, every point twice (hours)
	COUNTERMARK_EXCHANGE_SIZE=full $(BIN)/pytest -s -m exchange -p no:xdist -p no:randomly --allow-hosts=127.0.0.1 tests/exchange

walks: .venv/.installed ## a real browser does the whole job
	$(BIN)/pytest -m walk -p no:xdist -p no:randomly --allow-hosts=127.0.0.1 $(WALKS)

lint: .venv/.installed ## formatting, lint, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --check --lint src/countermark/node

types: .venv/.installed ## mypy, strict
	$(BIN)/mypy

contracts: .venv/.installed ## who may import whom
	$(BIN)/lint-imports

bench: .venv/.installed ## every benchmark at its small size, results into benchmarks/results/
	$(UV) sync --quiet --frozen --extra node --extra learn --extra pictures --group bench
	$(BIN)/python -m benchmarks

clean: ## remove what was built, keep what was written
	rm -rf .venv .uv .bytecode var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
