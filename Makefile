# What each target does: make help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
UV := $(shell command -v uv 2>/dev/null || echo .tools/uv/bin/uv)

.PHONY: help setup demo test test-sqlite test-postgres lint fmt serve screens bench packages

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/ready ## Make the environment in .venv, and nothing else

.tools/uv/bin/uv:
	@command -v python3 >/dev/null || { echo "make: python3 is needed; install it (for example the package python3)." >&2; exit 1; }
	echo "Bringing uv into .tools …"
	if python3 -m venv .tools/uv >/dev/null 2>&1; then
		.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv \
			|| { echo "make: uv could not be installed from the Python package index; install uv by hand." >&2; exit 1; }
	elif python3 -m pip install --quiet --disable-pip-version-check --target .tools/packages uv 2>/dev/null; then
		rm -rf .tools/uv
		mkdir -p .tools/uv/bin
		ln -sf ../../packages/bin/uv .tools/uv/bin/uv
	else
		rm -rf .tools/uv
		echo "make: python3 has neither venv nor pip; install one of them (for example the package python3-venv)." >&2
		exit 1
	fi

.venv/ready: pyproject.toml uv.lock .python-version $(filter .tools/%,$(UV))
	@$(UV) python find 3.13 >/dev/null 2>&1 || $(UV) python install 3.13 >/dev/null 2>&1 \
		|| { echo "make: Python 3.13 is needed and could not be downloaded; install Python 3.13 and run make again." >&2; exit 1; }
	echo "Setting up .venv …"
	$(UV) sync --quiet --locked
	touch .venv/ready

demo: setup ## Load the demo record, write the Chair's report, and serve the site
	@$(PYTHON) tools/port_is_free.py $(PORT)
	echo "Preparing the database …"
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_demo
	mkdir -p build
	echo "Writing the Chair's report …"
	for pair in text:txt html:html docx:docx pdf:pdf; do
		$(MANAGE) chairs_report --format $${pair%%:*} --output build/chairs-report.$${pair##*:}
	done
	echo "Sign-ins for the demonstration:"
	$(MANAGE) demo_accounts
	echo "Serving http://127.0.0.1:$(PORT) (the secretariat's site: /secretariat/). Ctrl-C stops it."
	exec .venv/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --no-ws --workers 1 --blocking-threads 4 --backpressure 16 --log-level warning cwg.wsgi:application

serve: setup ## Serve the site at http://127.0.0.1:8000 (PORT=… moves it)
	@$(PYTHON) tools/port_is_free.py $(PORT)
	$(MANAGE) migrate --verbosity 0
	exec .venv/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --no-ws --workers 1 --blocking-threads 4 --backpressure 16 --log-level warning cwg.wsgi:application

packages:
	@tools/install_packages

test: setup packages test-sqlite test-postgres ## Run every test, on SQLite and on PostgreSQL

test-sqlite: setup
	@echo "Tests on SQLite …"
	$(PYTHON) -m pytest -q -n 2

test-postgres: setup
	@echo "Tests on PostgreSQL …"
	$(PYTHON) -m tests.postgres $(PYTHON) -m pytest -q -n 2

lint: setup ## Check style, types, imports, templates, migrations, deployment
	@tools/lint

fmt: setup ## Format Python and templates
	@.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	git ls-files 'templates/*.html' | xargs .venv/bin/djade --target-version 6.0

screens: setup packages ## Take pictures of every main screen into build/screens
	@$(PYTHON) -m tests.browser.screens

bench: setup ## Measure, into build/
	@$(PYTHON) -m benchmarks.report
