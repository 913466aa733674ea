# Every target does its own set-up; needed beforehand: git, Python 3.11 or newer, make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test torture bench lock clean

demo: $(VENV)/.installed
	@$(BIN)/rusplan demo

# Without Node, or npm's registry, the tests that need it are left out, and counted; unless none may be.
test: $(VENV)/.installed-test
	@! command -v npm >/dev/null || $(MAKE) --no-print-directory $(VENV)/.installed-node || [ -z "$$RUSPLAN_LEAVE_NOTHING_OUT" ]
	@$(BIN)/python -m pytest

torture: $(VENV)/.installed-test
	@$(BIN)/python -m tests.torture

bench: $(VENV)/.installed-test
	@$(BIN)/python -m tests.bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("rusplan needs Python 3.11 or newer; say PYTHON=python3.12, for example" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/.installed-node: tests/npm/package-lock.json | $(VENV)/bin/python
	npm ci --prefix tests/npm --ignore-scripts --no-audit --no-fund --silent || { rm -rf tests/npm/node_modules; echo "npm could not fetch what Node's tests need"; exit 1; }
	@touch $@

# Brings both lock files in line with pyproject.toml; what is locked and still fits stays. UPGRADE=--upgrade renews all.
lock: $(VENV)/.installed-test
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra build --extra test -c requirements.lock -o requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) tests/npm/node_modules
