# The two commands a newcomer needs: make demo, make test. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help install demo test slow endurance lint types lock clean

help: ## Say what each target does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

install: $(INSTALLED) ## Install the locked dependencies and Pantau itself into .venv

demo: $(INSTALLED) ## Crawl, judge, index and mail bundled sites, under var/demo
	$(BIN)/pantau --home var demo

test: $(INSTALLED) ## Run the tests (under two minutes)
	$(BIN)/pytest -n 3 --dist loadfile -m "not slow and not endurance"

slow: $(INSTALLED) ## Run the tests that need minutes or services
	$(BIN)/pytest -n 2 --dist loadfile -m "slow and not endurance"

endurance: $(INSTALLED) ## Run the full figures (hours)
	$(BIN)/pytest -m endurance --timeout 0

lint: $(INSTALLED) ## Check style and the rooms' borders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(INSTALLED) ## Check types, strictly
	$(BIN)/mypy

lock: $(INSTALLED) ## Make requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --extra dev pyproject.toml --output-file requirements.lock

clean: ## Remove the environment and what the demo wrote
	rm -rf .venv var/demo
