# What each target does: make help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
EVERY ?= 2
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest -q -n auto --maxprocesses 8
SITE := .venv/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --no-ws --workers 1 \
	--blocking-threads 4 --backpressure 16 --log-level warning cwg.wsgi:application

.PHONY: help setup demo serve site test test-sqlite test-postgres lint fmt screens bench packages port

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/ready ## Make the environment in .venv, and nothing else
	@:

.venv/ready: pyproject.toml uv.lock .python-version
	@uv="$$(tools/bring_uv)"
	"$$uv" python find 3.13 >/dev/null 2>&1 || "$$uv" python install --quiet 3.13 >/dev/null 2>&1 \
		|| { echo "make: Python 3.13 is needed and cannot be downloaded here; install Python 3.13." >&2; exit 1; }
	echo "Setting up .venv …"
	UV_PROJECT_ENVIRONMENT=.venv "$$uv" sync --quiet --locked
	touch .venv/ready

demo: setup port ## Load the demo record, write the Chair's report, serve it all at http://127.0.0.1:8000
	@echo "Preparing the database …"
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_demo
	$(MANAGE) load_example
	$(MANAGE) keep_summaries
	mkdir -p build
	echo "Writing the Chair's report …"
	for pair in text:txt html:html docx:docx pdf:pdf; do
		$(MANAGE) chairs_report --format $${pair%%:*} --output build/chairs-report.$${pair##*:}
	done
	echo "Sign-ins for the demonstration:"
	$(MANAGE) demo_accounts
	$(MAKE) site

serve: setup port ## Serve the site (PORT=… moves it, and that of demo)
	@$(MANAGE) migrate --verbosity 0
	$(MAKE) site

# As people see it: no debugging pages, static files collected and compressed.
site:
	@export DEBUG=false SITE_ADDRESS="$${SITE_ADDRESS:-http://127.0.0.1:$(PORT)}"
	$(MANAGE) collectstatic --no-input --verbosity 0
	echo "Serving http://127.0.0.1:$(PORT) (the secretariat's site: /secretariat/). Ctrl-C stops it."
	# What time makes due is worked off beside the site, and ends with it
	trap 'kill $$site $$due 2>/dev/null || true; wait' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	$(SITE) & site=$$!
	$(MANAGE) run_due --every $(EVERY) & due=$$!
	wait $$site

port: setup
	@$(PYTHON) tools/port_is_free.py $(PORT)

packages:
	@tools/install_packages

test: test-sqlite test-postgres ## Run every test, on SQLite and on PostgreSQL

test-sqlite: setup packages
	@echo "Tests on SQLite …"
	env -u DATABASE_URL $(PYTEST)

test-postgres: setup packages
	@echo "Tests on PostgreSQL …"
	$(PYTHON) -m tests.postgres $(PYTEST)

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
	$(PYTHON) -m benchmarks.checks
	$(PYTHON) -m benchmarks.archive
	$(PYTHON) -m benchmarks.cockpit
