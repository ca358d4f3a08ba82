# What a person types. Each target is quick when there is nothing left to do.

SHELL := /bin/sh
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
GRADUS := $(PY) -m gradus
TEST_ENVIRONMENTS := base deep ops

.DEFAULT_GOAL := help
.PHONY: help start test set-up-tests front-end quick-test test-envs thorough mutants mutants-of-judge styles naming flakes never-lost kill-matrix hostile-wheel bench bench-plan bench-prover wheel lock clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1|/' \
	    | awk -F'|' '{ printf "  %-21s %s\n", $$1, $$2 }'

start: .venv/.installed front-end ## Start Gradus: sets up what is missing, then opens the browser
	@$(GRADUS) install base --quiet-if-present
	@exec $(GRADUS) start $(ARGS)

test: set-up-tests ## Everything: lint, types, every lab at its quick depth, every test
	@sh scripts/test $(PY)

quick-test: .venv/.installed-for-tests front-end ## Only pytest, without browser and slow tests
	@$(PY) -m pytest -m "not browser and not slow"

set-up-tests: .venv/.installed-for-tests front-end
	@$(GRADUS) install $(TEST_ENVIRONMENTS) --quiet-if-present

test-envs: .venv/.installed-for-tests ## Build every environment anew in another place and judge in it
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT INT TERM && \
	    GRADUS_ENVIRONMENTS="$$place" $(GRADUS) install $(TEST_ENVIRONMENTS) && \
	    GRADUS_ENVIRONMENTS="$$place" $(GRADUS) lab check --all

thorough: set-up-tests ## Every lab on many seeds; goes on where it was stopped
	@$(GRADUS) lab check --all --thorough

mutants: set-up-tests ## Every small change of every reference; goes on where it was stopped
	@$(GRADUS) lab mutants --all

mutants-of-judge: .venv/.installed-for-tests ## Every small change of the judge's own code; goes on where it was stopped
	@$(PY) scripts/mutants_of_judge.py $(ARGS)

styles: set-up-tests ## Right work of every lab in every harmless style; goes on where it was stopped
	@$(GRADUS) lab styles --all

naming: set-up-tests ## How often a mistake gets its right name; goes on where it was stopped
	@$(GRADUS) lab naming --all

flakes: set-up-tests ## Right and wrong work on many seeds; takes hours, goes on where it was stopped
	@$(GRADUS) lab flakes --all

bench: set-up-tests ## Measure from save to verdict, beside pytest and other graders
	@$(PY) -m benchmarks.feedback
	@$(PY) -m benchmarks.judge

bench-plan: .venv/.installed-for-tests ## Measure planning; let simulated learners live with it
	@$(PY) -m benchmarks.plan
	@$(PY) -m benchmarks.learners

bench-prover: .venv/.installed-for-tests ## Show whether the load generator keeps its schedule, and drift delays beside libraries
	@$(PY) -m benchmarks.prover
	@$(PY) -m benchmarks.drift

never-lost: set-up-tests ## kill -9 five hundred times while files are saved; goes on where it was stopped
	@$(PY) -m benchmarks.never_lost --count $(or $(COUNT),500)

hostile-wheel: .venv/.installed-for-tests front-end ## Every attack against a Gradus installed from its wheel, in an empty place
	@$(PY) -m pytest tests/hostile/test_installed.py --whole-wheel

kill-matrix: .venv/.installed-for-tests ## Every proof against what is planted for it; goes on where it was stopped
	@$(GRADUS) install schema --quiet-if-present
	@$(PY) -m benchmarks.kill_matrix $(ARGS)

wheel: .venv/.installed-for-tests front-end ## Build the wheel and the source distribution into dist/
	@$(PY) -m build

lock: ## Resolve the pins anew (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	    --no-header --no-annotate --upgrade -q -o requirements.lock
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	    --fork-strategy fewest --no-header --no-annotate -c requirements.lock -q \
	    -o requirements-dev.lock

clean: ## Remove what was built here; your workspace and the environments are kept
	@rm -rf build dist .setup .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    frontend/node_modules src/gradus/web/static/built
	@find src tests content -name __pycache__ -type d -prune -exec rm -rf {} +

front-end: .venv/.installed
	@if [ -f frontend/package.json ]; then $(PY) frontend/build.py; fi

$(PY):
	@python=$$(sh scripts/find-python) && echo "Making .venv with $$python" \
	    && "$$python" -m venv --clear .venv

.venv/.installed: requirements.lock pyproject.toml hatch_build.py | $(PY)
	@echo "Installing Gradus (once, about half a minute)"
	@$(PIP) install --no-deps -r requirements.lock
	@PIP_CONSTRAINT=requirements-dev.lock $(PIP) install --no-deps --editable .
	@touch $@

.venv/.installed-for-tests: requirements-dev.lock .venv/.installed
	@echo "Installing what the tests need (once)"
	@$(PIP) install --no-deps -r requirements-dev.lock
	@touch $@
