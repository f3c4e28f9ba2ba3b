# One entry for each thing that a newcomer or the CI does; `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo
REQUEST ?= Create a system with students (name, unique email, birth date), courses (title, credits between 1 and 12) and teachers (name). Each course has one teacher. Students enroll in many courses.

.DEFAULT_GOAL := help
.PHONY: help install run stop test check bench soak fuzz eval calibrate docs golden lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install: $(STAMP) ## set up .venv with everything, .venv/bin/baes included

$(STAMP): pyproject.toml requirements.lock $(wildcard baes/dependencies/*.txt)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "BAES needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --config-settings editable_mode=compat --editable '.[dev]'
	$(BIN)/python -m baes.utils.warm_up
	@touch $@

run: install ## carry out a sample request in ./demo (REQUEST="…" for your own), serve it, print the addresses
	$(BIN)/baes request "$(REQUEST)" --project $(DEMO) --serve

stop: install ## stop the servers of ./demo
	$(BIN)/baes stop --project $(DEMO)

test: install ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: install ## linters, types, import rules, the generated code's lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/baes templates validate

bench: install ## measure what the documentation states; prints a table
	$(BIN)/python -m benchmarks

soak: install ## evolve under load, in a million rows, and killed 200 times (half an hour)
	BAES_SOAK_KILLS=200 BAES_SOAK_EXAMPLES=500 $(BIN)/python -m pytest -s tests/soak tests/integration/test_crash_recovery.py tests/integration/test_migration_properties.py
	BAES_SOAK_TEXTS=10000 $(BIN)/python -m pytest tests/unit/core/test_fuzzed_texts.py
	$(MAKE) fuzz

fuzz: install ## 5,000 requests that the OpenAPI document of each of five systems allows or forbids
	BAES_FUZZ_EXAMPLES=5000 $(BIN)/python -m pytest tests/integration/test_fuzz.py

eval: install ## how well requests are understood: exact, confidently wrong, deferred, a tag each
	$(BIN)/python -m evaluation.run

calibrate: install ## judge good and faulty artifacts by the review: a table of its rules
	$(BIN)/python -m evaluation.review --layers

docs: install ## write the pages of docs/rules from the rules' data
	$(BIN)/python -m evaluation.rule_pages

golden: install ## rewrite the golden trees of generated systems; read the difference like code
	$(BIN)/python -m tests.integration.regenerate_golden

lock: install ## resolve the newest dependencies into requirements.lock
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --no-emit-index-url --no-header --output-file requirements.lock pyproject.toml

clean: ## remove everything that the other targets made
	@if [ -x $(BIN)/baes ] && [ -d $(DEMO) ]; then $(BIN)/baes stop --project $(DEMO) || true; fi
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find baes tests evaluation benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
