# Two commands: `make run` and `make test`. Both set up what they need; Python 3.11+ is all they ask for.

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
export PORTAL_DEMO ?= 1

.PHONY: run test lint setup setup-test clean screenshots

run: setup
	@$(VENV)/bin/portal db upgrade
	@$(VENV)/bin/portal demo
	@exec $(VENV)/bin/portal serve --host $(HOST) --port $(PORT)

test: setup-test
	@$(VENV)/bin/python -m pytest --database both $(ARGS)

lint: setup-test
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

setup: $(VENV)/.ready
setup-test: $(VENV)/.ready-test

# uv where it is present, pip otherwise; both read the same constraints.
INSTALL = if command -v uv >/dev/null 2>&1; then \
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --constraint constraints.txt --editable $(1); \
	else $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable $(1); fi

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Open Lounge needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(VENV)/bin/python || { echo "Making the virtual environment in $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what the portal needs (once) …"
	@$(call INSTALL,.)
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@echo "Installing what the tests need (once) …"
	@$(call INSTALL,'.[test]')
	@touch $@

screenshots: setup-test
	@$(VENV)/bin/python -m docs.screenshots

clean:
	rm -rf $(VENV) var
