# `make` lists the targets.
#
# Needs make, a POSIX shell and any Python from 3.11. It installs the rest: uv into .uv/, if there is
# none that runs; the environment into .venv/, from uv.lock; SAM into uv's cache. To start over:
# rm -rf .venv .uv

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# These pin their own boto3, cfn-lint and more, so each has an environment of its own.
SAM_VERSION := 1.170.0
CHECKOV_VERSION := 3.3.30
MINISTACK_VERSION := 1.5.33
TRANSLATOR_VERSION := 1.115.0
AWSCLI_VERSION := 1.46.3

# A uv on PATH that does not run, such as a pyenv shim without a uv behind it, is not used.
ifeq ($(shell uv --version >/dev/null 2>&1 && echo runs),)
export PATH := $(CURDIR)/.uv/bin:$(PATH)
endif
PYTHON := .venv/bin/python
READY := .venv/.ready
TOOL = uv tool run --quiet --python '$(CURDIR)/$(PYTHON)'
# Runs the examples that AWS publishes with its command line, in the tests of the backend. They use it
# only if it is in uv's cache; in CI it is downloaded.
AWSCLI = $(TOOL) $(1) --from awscli==$(AWSCLI_VERSION) python
# Tests read examples of `sam deploy` with its parser, in the same way.
SAM_PYTHON = $(TOOL) $(1) --from aws-sam-cli==$(SAM_VERSION) python
SAM_COMMAND = $(TOOL) --from aws-sam-cli==$(SAM_VERSION) sam
WITH_PYTHON_ON_PATH = PATH="$$PWD/.venv/bin:$$PATH"
SAM = $(WITH_PYTHON_ON_PATH) SAM_CLI_TELEMETRY=0 $(SAM_COMMAND)

# Of the caller's settings for uv and Python only those count that say how to reach an index and where
# to cache; the others would choose another environment, interpreter, lock or set of packages.
UV_SETTINGS := UV_DEFAULT_INDEX UV_INDEX UV_INDEX_% UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_KEYRING_PROVIDER \
	UV_CREDENTIALS_DIR UV_INSECURE_HOST UV_NATIVE_TLS UV_SYSTEM_CERTS UV_HTTP_% UV_REQUEST_TIMEOUT \
	UV_CONCURRENT_% UV_OFFLINE UV_NO_PROGRESS UV_CONFIG_FILE UV_CACHE_DIR UV_LINK_MODE UV_PYTHON_INSTALL_% \
	UV_PYTHON_DOWNLOADS% UV_PYTHON_CACHE_DIR
unexport $(filter-out $(UV_SETTINGS),$(filter UV_%,$(.VARIABLES))) VIRTUAL_ENV PYTHONHOME PYTHONPATH

# uv does not read pip's settings.
ifeq ($(UV_DEFAULT_INDEX)$(UV_INDEX_URL),)
PIP_INDEX := $(or $(value PIP_INDEX_URL),$(shell sed -n 's/^ *index-url *[=:] *//p' \
	"$${PIP_CONFIG_FILE:-/dev/null}" "$${XDG_CONFIG_HOME:-$$HOME/.config}/pip/pip.conf" \
	"$$HOME/.pip/pip.conf" /etc/pip.conf 2>/dev/null | head -n 1))
ifneq ($(PIP_INDEX),)
export UV_DEFAULT_INDEX := $(PIP_INDEX)
endif
endif

# uv's cache, and a Python that it downloads, are in the home directory, or in this folder if that
# cannot be written.
ifeq ($(UV_CACHE_DIR)$(shell cache="$${XDG_CACHE_HOME:-$${HOME:-/dev/null}/.cache}/uv"; \
	mkdir -p "$$cache" 2>/dev/null && [ -w "$$cache" ] && echo writable),)
export UV_CACHE_DIR := $(CURDIR)/.uv/cache
export UV_PYTHON_INSTALL_DIR := $(CURDIR)/.uv/python
endif

# Without bytecode every process compiles all libraries anew.
unexport PYTHONDONTWRITEBYTECODE

# A recipe reads these as "$$NAME", so that their values reach it unchanged.
export EVENT POLICY DAYS THEN AT LIVE STACK PROFILES

##@ Try

help:  ## List the targets
	@awk 'BEGIN { FS = ":.*  ## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*  ## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(READY)  ## Show three nights, two mistakes, the letter and a restore, on this machine
	@$(PYTHON) -m demo

invoke: $(READY)  ## Run the function with EVENT=events/now.json; LIVE=1 for the account of AWS_PROFILE
	@$(PYTHON) -m invoke "$${EVENT:-events/now.json}"

simulate: $(READY)  ## Show which snapshots POLICY="daily=7 weekly=4" keeps over DAYS=60; THEN="daily=3" AT=40
	@$(PYTHON) -m simulate $${POLICY:+--policy "$$POLICY"} $${DAYS:+--days "$$DAYS"} \
		$${THEN:+--then "$$THEN"} $${AT:+--at "$$AT"}

status: $(READY)  ## Write build/status.html; LIVE=1 with AWS_PROFILE or PROFILES="a b" for deployed stacks
	@$(PYTHON) -m status

bench: $(READY)  ## Measure start, planning, a large run and the rate limit
	@$(PYTHON) -m bench

##@ Develop

test: $(READY)  ## Run the tests of the function and its tools, offline
	@$(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal

tools: $(READY)  ## Download the tools with which make test reads the pages' commands: SAM, the AWS CLI
	@$(call SAM_PYTHON) -c ""
	@$(call AWSCLI) -c ""

soak: $(READY)  ## Run all tests in their long form: more examples, and a crash at every request
	@SOAK=1 $(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal
	@SOAK=1 $(MAKE) backend

backend: $(READY)  ## Run the tests of lightsail-moto, the Lightsail that the tests use
	@cd lightsail-moto && AWSCLI="$(call AWSCLI,$(if $(CI),,--offline))" \
		../$(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal

conform: $(READY)  ## Check what Lightsail does, on this machine; LIVE=1 in an account
	@cd lightsail-moto && ../$(PYTHON) -m conform

explore: $(READY)  ## Explore every order of two runs' requests in small accounts, with a death at each
	@$(PYTHON) -m tests.interleaving

check: $(READY)  ## Check format, lint, types, template and generated documentation
	@$(MAKE) --jobs=2 --keep-going check-types check-template check-docs check-lock check-code
	@echo "No errors in format, lint, types, template and documentation."

check-code: $(READY)
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .

check-types: $(READY)
	@$(PYTHON) -m mypy --no-error-summary src local tests
	@cd lightsail-moto && ../$(PYTHON) -m mypy --no-error-summary

check-template: $(READY)
	@$(PYTHON) -m translate --output build/cloudformation.json
	@.venv/bin/cfn-lint template.yaml build/cloudformation.json

# Answered from the lock alone, without an index.
check-lock: $(READY)
	@uv lock --quiet --check --offline --default-index https://pypi.org/simple

check-docs: $(READY)
	@$(PYTHON) -m reference --check

format: $(READY)  ## Format the code and fix what the linter can fix
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix --quiet .

docs: $(READY)  ## Generate docs/reference.md from the code
	@$(PYTHON) -m reference

screenshots: $(READY)  ## Renew docs/images from the demo's fleet
	@$(PYTHON) -m status.screenshots

lock: $(READY)  ## Update uv.lock, and src/requirements.txt from it
	@uv lock --quiet --default-index https://pypi.org/simple
	@{ echo "# What is deployed beside our code, written by make lock from uv.lock; a test compares them."; \
		uv export --quiet --frozen --no-dev --no-emit-project --no-header; } >src/requirements.txt

checkov: $(READY)  ## Scan the template for insecure settings; .ci/checkov.yaml has the exceptions
	@$(PYTHON) -m translate --output build/cloudformation.json
	@$(TOOL) --from checkov==$(CHECKOV_VERSION) checkov --config-file .ci/checkov.yaml \
		--file build/cloudformation.json

rehearse: $(READY)  ## Deploy to an AWS emulator on this machine, run and delete: docs/rehearsal.md
	@$(WITH_PYTHON_ON_PATH) SAM_CLI_TELEMETRY=0 $(PYTHON) -m rehearse --sam "$(SAM_COMMAND)" \
		--emulator "$(TOOL) --from ministack==$(MINISTACK_VERSION) \
			--with aws-sam-translator==$(TRANSLATOR_VERSION) ministack"

##@ Deploy

validate: $(READY)  ## Validate and lint the template with SAM
	@$(SAM) validate --lint

preflight: $(READY)  ## Check policies and a change set in the account of AWS_PROFILE: LIVE=1 [STACK=name]
	@$(PYTHON) -m preflight

build: $(READY)  ## Build the function for Python 3.13 on arm64, into .aws-sam/
	@$(SAM) build

deploy: build  ## Deploy the stack as samconfig.toml has it; ARGS=--guided asks for every parameter
	@$(SAM) deploy $(ARGS)

events: $(READY)  ## Save events/ as test events of STACK in the Lambda console
	@[ -n "$$STACK" ] || { echo "STACK is not set. For example: make events STACK=snapshotter" >&2; exit 2; }
	@for file in events/*.json; do \
		$(SAM) remote test-event put SnapshotFunction --stack-name "$$STACK" \
			--name "$$(basename "$$file" .json)" --file "$$file" --force || exit; \
	done

package: $(READY)  ## Build what StackSets can deploy without SAM, into build/
	@rm -rf build/function && mkdir -p build/function
	@$(WITH_PYTHON_ON_PATH) $(MAKE) -C src build-SnapshotFunction ARTIFACTS_DIR="$(CURDIR)/build/function"
	@$(PYTHON) -m translate.package --built build/function

##@ Clean up

clean:  ## Remove build results and caches, and say how to start over
	@rm -rf .aws-sam build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find src local lightsail-moto tests -name __pycache__ -prune -exec rm -rf {} +
	@echo "The environment stays. To start over: rm -rf .venv .uv"

# The environment has Python 3.13, the deployed runtime (.python-version), which uv finds or downloads;
# if it can do neither, any Python from 3.11.
$(READY): uv.lock pyproject.toml lightsail-moto/pyproject.toml
	@sh local/environment.sh

# It is made anew for a folder that was renamed or copied, and for another Python.
ifneq ($(shell sh local/environment.sh stamp),$(shell cat $(READY) 2>/dev/null))
.PHONY: $(READY)
endif

.PHONY: help demo invoke simulate status screenshots bench test tools backend soak conform explore check check-code \
	check-types check-template check-docs check-lock format docs lock checkov rehearse preflight validate build deploy events \
	package clean
