# The commands of this project. `make` alone lists them. Works with GNU make from 3.81 on.

VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# What runs here talks to this machine only, which a proxy cannot reach.
HERE := env -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u http_proxy -u https_proxy -u all_proxy
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
# More words for the command, such as: make test ARGS="-k reminder", or make test ARGS="-n 0 --pdb" for one after the other
ARGS :=
# Several tests at once (tests/conftest.py says how many); each worker has its own PostgreSQL and browser.
SIDE_BY_SIDE := -n auto --maxprocesses 6 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo run test check format bench chaos stops fuzz audit dev lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed ## run the bot beside a local Slack and Discord in the browser; needs no account
	@$(HERE) $(BIN)/tocsin demo $(ARGS)

run: $(VENV)/.installed ## run the bot for real, with the settings in .env
	@$(BIN)/tocsin run $(ARGS)

test: $(VENV)/.dev ## run the tests
	@$(HERE) $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

check: $(VENV)/.dev ## format, lint, types and the direction of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## measure: calls, latencies, lateness, memory
	@$(HERE) $(BIN)/python -m tests.bench $(ARGS)

chaos: $(VENV)/.dev ## break everything around the bot and count what is lost, doubled or late
	@$(HERE) $(BIN)/python -m tests.chaos $(ARGS)

stops: $(VENV)/.dev ## stop the bot in every situation, say how long each took, and count what is lost or doubled
	@$(HERE) $(BIN)/python -m pytest -m "long or not long" -s tests/acceptance/test_stopping.py $(ARGS)

fuzz: $(VENV)/.dev ## feed wrong inputs to everything that reads from outside, 100,000 to each
	@$(HERE) $(BIN)/python -m tests.fuzz $(ARGS)

# Not a part of the CI: its answer changes from day to day without a change here, and it has to ask an outside service.
audit: $(VENV)/.made ## ask whether a pinned dependency has a known hole; needs the network
	@room=$$(mktemp -d) && trap 'rm -rf "$$room"' EXIT && \
	$(BIN)/python -m venv "$$room" && \
	"$$room/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit && \
	"$$room/bin/pip-audit" --strict --disable-pip --require-hashes -r requirements.txt $(ARGS)

dev: $(VENV)/.dev ## install what the tests and checks need, and no more
	@:

# How both requirements files are made: every version and hash that pyproject.toml and its build backend come to, for
# all systems and every Python from 3.11 on. Versions that are pinned already stay; `make lock ARGS=--upgrade` takes
# the newest.
lock: $(VENV)/.made ## pin the dependencies of pyproject.toml anew
	@room=$$(mktemp -d) && trap 'rm -rf "$$room"' EXIT && \
	$(BIN)/python -m venv "$$room" && \
	"$$room/bin/python" -m pip install --quiet --disable-pip-version-check uv && \
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  > "$$room/backend.in" && \
	"$$room/bin/"$(COMPILE) $(ARGS) -o requirements.txt pyproject.toml "$$room/backend.in" > /dev/null && \
	"$$room/bin/"$(COMPILE) $(ARGS) -c requirements.txt --extra dev -o requirements-dev.txt pyproject.toml > /dev/null && \
	echo "requirements.txt and requirements-dev.txt are made."

clean: ## remove what was installed and cached; var/ with its database stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than what it was made from, so a repeated call installs nothing.

$(VENV)/.made:
	@found=""; \
	for each in $(PYTHON) python3.11 python3; do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then found="$$each"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Tocsin needs Python 3.11 or newer. Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! "$$found" -m venv $(VENV); then \
	  echo "$$found cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt pyproject.toml
	@echo "Installing what Tocsin needs into $(VENV): about a minute, once."
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements.txt requirements-dev.txt pyproject.toml
	@echo "Installing what Tocsin and its tests need into $(VENV): about a minute, once."
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed $@
