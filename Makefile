# Two commands: `make demo` shows what this does, `make test` runs the project's own tests.
# Each target sets up an environment of its own in .venv; all that takes is Python 3.11 or later with venv.

PYTHON ?= python3
BIN := .venv/bin

# Tests start hundreds of programs, each of which would compile all of the project again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint style types-mypy types-pyright imports test-ready docs openapi openapi-locker openapi-duis npm explorer diagrams clean

demo: .venv/demo-ready
	$(BIN)/python examples/demo.py

test: .venv/test-ready
	$(MAKE) --jobs 2 lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: style types-mypy types-pyright imports

style: .venv/test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types-mypy: .venv/test-ready
	$(BIN)/mypy

types-pyright: .venv/test-ready
	$(BIN)/basedpyright

imports: .venv/test-ready
	$(BIN)/lint-imports

test-ready: .venv/test-ready

docs: .venv/test-ready
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --builder html --conf-dir docs . build/docs
	@echo open build/docs/index.html

# Schemathesis asks the service what its OpenAPI document promises; of SMETS1's, only what no other service has.
SCHEMATHESIS := build/schemathesis/bin/schemathesis
EXAMPLES ?= 25

$(SCHEMATHESIS):
	$(PYTHON) -m venv build/schemathesis
	build/schemathesis/bin/pip install --quiet --no-compile --disable-pip-version-check 'schemathesis>=4'

openapi: openapi-locker openapi-duis

openapi-locker: .venv/test-ready $(SCHEMATHESIS)
	rm -f build/openapi.sqlite*
	$(BIN)/statemachines serve --system examples.parcel_locker:claims --port 8752 --database build/openapi.sqlite \
		--log-level warning & server=$$!; trap "kill $$server" EXIT; \
	$(SCHEMATHESIS) --config-file schemathesis.toml run http://127.0.0.1:8752/schema/openapi.json \
		--wait-for-schema 60 --max-examples $(EXAMPLES) --seed 1

openapi-duis: .venv/test-ready $(SCHEMATHESIS)
	rm -f build/openapi-duis.sqlite*
	$(BIN)/smets1 serve --behaviour examples/mock-dcc.toml --port 8753 --database build/openapi-duis.sqlite \
		--ask-seconds 1 --log-level warning & server=$$!; trap "kill $$server" EXIT; \
	$(SCHEMATHESIS) --config-file schemathesis.toml run http://127.0.0.1:8753/schema/openapi.json \
		--include-path-regex '/duis|/ask' --wait-for-schema 60 --max-examples $(EXAMPLES) --seed 1

# The explorer's program, which takes npm: its types are checked, and it is bundled into what the page contains.
explorer:
	mkdir -p build/explorer
	cp -R properties/explorer/package.json properties/explorer/src build/explorer
	cd build/explorer && npm install --silent --no-package-lock && npm run --silent types && npm run --silent build
	cp build/explorer/explorer.js build/explorer/explorer.css properties/explorer

# Engines of other people that execute exports: the tests ask them where they are installed.
npm: build/npm/node_modules/.ready

build/npm/node_modules/.ready: Makefile
	npm install --prefix build/npm --silent --no-audit --no-fund --no-package-lock --ignore-scripts --omit=optional \
		xstate@5.33.3 @scion-scxml/scxml@4.3.27 typescript@5.9.3
	touch $@

diagrams: .venv/test-ready
	$(BIN)/python docs/import_graph.py
	$(BIN)/smets1 render --out diagrams --format svg --format mermaid
	$(BIN)/smets1 render --system properties.smets1.fleet:DATED --out diagrams/fleet --format svg --format mermaid
	$(BIN)/smets1 trace --markdown --out docs/traceability.md
	$(BIN)/smets1 trace --by-source --markdown --out docs/sources.md
	$(BIN)/python -m properties.smets1.words_page > docs/conformance/words.md
	$(BIN)/python -m properties.smets1.checks_page > docs/checks.md
	$(BIN)/python -m properties.smets1.duis_examples > docs/conformance/duis-examples.md
	rm -rf demo-output/counterexample
	$(BIN)/smets1 check --system properties.smets1.faults:gas_supplier_may_activate --out demo-output/counterexample \
		--property "only the Electricity Supplier upgrades PPMID firmware" --format svg || test $$? = 1
	cp demo-output/counterexample/*/sequence.svg diagrams/counterexample-gas-supplier.svg

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/demo-ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

.venv/test-ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ .venv/demo-ready

clean:
	rm -rf .venv demo-output build dist
