# Everything is made in .venv; the program is .venv/bin/helpdesk.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test check contract setup setup-test look planted mutants lock soak clean

help:
	@echo "make run      sets everything up and opens the desk on the practice area"
	@echo "make test     sets everything up, checks the code and runs every test"
	@echo "make look     plays one call in the real window and writes pictures to build/look"
	@echo "make contract tries every connector against the published specifications (NHS_SPECS is their folder)"
	@echo "make planted  shows each promise's test going red with its fault planted"
	@echo "make mutants  changes the rules of clocks and stitching in every small way and counts what their tests notice"
	@echo "make check    ruff, mypy and the layers;   make lock  renews the locked dependencies"

run: setup
	$(BIN)/helpdesk --practice

test: setup-test check
	$(BIN)/python -m tests.side_by_side

check: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

look: setup-test
	$(BIN)/python -m tests.journeys.look

contract: setup-test
	$(BIN)/python -m tests.contract.run

planted: setup-test
	$(BIN)/python -m tests.planted.run

mutants: setup-test
	$(BIN)/python -m tests.mutants.run

soak: setup-test
	HELPDESK_SOAK=1 $(BIN)/python -m pytest tests/faults tests/unit -k "soak or interleav or killed"
	$(BIN)/python -m tests.faults.fault_matrix

setup: .venv/run-ready
setup-test: .venv/test-ready

.venv/run-ready: requirements.lock pyproject.toml installer/packages-run.txt
	installer/system-packages installer/packages-run.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test-ready: .venv/run-ready requirements-dev.lock installer/packages-test.txt
	installer/system-packages installer/packages-run.txt installer/packages-test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lock: setup-test
	$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements-dev.lock

clean:
	rm -rf .venv build
