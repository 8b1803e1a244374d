# `make` lists the targets.
#
# Needs make, a POSIX shell and any Python from 3.11. It installs the rest: uv into .uv/, if there is
# none that runs; the environment into .venv/, from uv.lock; SAM into uv's cache.

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
UV := $(or $(shell uv --version >/dev/null 2>&1 && command -v uv),$(CURDIR)/.uv/bin/uv)
PYTHON := .venv/bin/python
READY := .venv/.ready
WITH_UV = PATH="$(CURDIR)/.venv/bin:$(dir $(UV)):$$PATH"
TOOL = $(UV) tool run --quiet --python $(CURDIR)/$(PYTHON)
# Runs the examples that AWS publishes with its command line, in the tests of the backend. They use it
# only if it is in uv's cache; in CI it is downloaded.
AWSCLI = $(TOOL) $(1) --from awscli==$(AWSCLI_VERSION) python
SAM_COMMAND = $(TOOL) --from aws-sam-cli==$(SAM_VERSION) sam
SAM = $(WITH_UV) SAM_CLI_TELEMETRY=0 $(SAM_COMMAND)

# Without bytecode every process compiles all libraries anew.
unexport PYTHONDONTWRITEBYTECODE

# A recipe reads these as "$$NAME", so that their values reach it unchanged.
export EVENT POLICY DAYS THEN AT LIVE STACK PROFILES

##@ Try

help:  ## List the targets
	@awk 'BEGIN { FS = ":.*  ## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*  ## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(READY)  ## Run two weeks of schedules over a simulated fleet on this machine
	@$(PYTHON) -m demo

invoke: $(READY)  ## Run the function with EVENT=events/now.json; LIVE=1 for the account of AWS_PROFILE
	@$(PYTHON) -m invoke "$${EVENT:-events/now.json}"

simulate: $(READY)  ## Show which snapshots POLICY="daily=7 weekly=4" keeps over DAYS=60; THEN="daily=3" AT=40
	@$(PYTHON) -m simulate $${POLICY:+--policy "$$POLICY"} $${DAYS:+--days "$$DAYS"} \
		$${THEN:+--then "$$THEN"} $${AT:+--at "$$AT"}

status: $(READY)  ## Write build/status.html; LIVE=1 with AWS_PROFILE or PROFILES="a b" for deployed stacks
	@$(PYTHON) -m status

bench: $(READY)  ## Measure a run over a large fleet
	@$(PYTHON) -m bench

##@ Develop

test: $(READY)  ## Run the tests of the function and its tools, offline
	@$(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal

soak: $(READY)  ## Run all tests in their long form: more examples, and a crash at every request
	@SOAK=1 $(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal
	@SOAK=1 $(MAKE) backend

backend: $(READY)  ## Run the tests of lightsail-moto, the Lightsail that the tests use
	@cd lightsail-moto && AWSCLI="$(call AWSCLI,$(if $(CI),,--offline))" \
		$(CURDIR)/$(PYTHON) -m pytest --quiet --numprocesses auto --dist worksteal

conform: $(READY)  ## Check what Lightsail does, on this machine; LIVE=1 in an account
	@cd lightsail-moto && $(CURDIR)/$(PYTHON) -m conform

explore: $(READY)  ## Explore every order of two runs' requests in small accounts, with a death at each
	@$(PYTHON) -m tests.interleaving

check: $(READY)  ## Check format, lint, types, template and generated documentation
	@$(MAKE) --jobs=2 --keep-going check-types check-template check-docs check-code
	@echo "No errors in format, lint, types, template and documentation."

check-code: $(READY)
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .

check-types: $(READY)
	@$(PYTHON) -m mypy --no-error-summary src local tests
	@cd lightsail-moto && $(CURDIR)/$(PYTHON) -m mypy --no-error-summary

check-template: $(READY)
	@$(PYTHON) -m translate --output build/cloudformation.json
	@.venv/bin/cfn-lint template.yaml build/cloudformation.json

check-docs: $(READY)
	@$(PYTHON) -m reference --check

format: $(READY)  ## Format the code and fix what the linter can fix
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix --quiet .

docs: $(READY)  ## Generate docs/reference.md from the code
	@$(PYTHON) -m reference

screenshots: $(READY)  ## Renew docs/images from the demo's fleet
	@$(PYTHON) -m status.screenshots

lock: $(UV)  ## Update uv.lock, and src/requirements.txt from it
	@$(UV) lock --quiet
	@{ echo "# What is deployed beside our code, written by make lock from uv.lock; a test compares them."; \
		$(UV) export --quiet --frozen --no-dev --no-emit-project --no-header; } >src/requirements.txt

checkov: $(READY)  ## Scan the template for insecure settings; .ci/checkov.yaml has the exceptions
	@$(PYTHON) -m translate --output build/cloudformation.json
	@$(TOOL) --from checkov==$(CHECKOV_VERSION) checkov --config-file .ci/checkov.yaml \
		--file build/cloudformation.json

rehearse: $(READY)  ## Deploy to an AWS emulator on this machine, run and delete: docs/rehearsal.md
	@$(WITH_UV) SAM_CLI_TELEMETRY=0 $(PYTHON) -m rehearse --sam "$(SAM_COMMAND)" \
		--emulator "$(TOOL) --from ministack==$(MINISTACK_VERSION) \
			--with aws-sam-translator==$(TRANSLATOR_VERSION) ministack"

##@ Deploy

validate: $(READY)  ## Validate and lint the template with SAM
	@$(SAM) validate --lint

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
	@$(WITH_UV) $(MAKE) -C src build-SnapshotFunction ARTIFACTS_DIR="$(CURDIR)/build/function"
	@$(PYTHON) -m translate.package --built build/function

##@ Clean up

clean:  ## Remove build results and caches; the environments stay
	@rm -rf .aws-sam build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find src local lightsail-moto tests -name __pycache__ -prune -exec rm -rf {} +

# The environment has Python 3.13, the deployed runtime (.python-version), which uv finds or downloads;
# if it can do neither, any Python from 3.11.
$(READY): uv.lock pyproject.toml lightsail-moto/pyproject.toml | $(UV)
	@[ -x $(PYTHON) ] || $(UV) venv --quiet 2>/dev/null || { \
		echo "Python $$(cat .python-version), the deployed version, was not found: using another one." && \
		$(UV) venv --quiet --no-project --python '>=3.11' .venv; }
	@$(UV) sync --quiet --locked --python $(PYTHON)
	@touch $@

$(CURDIR)/.uv/bin/uv:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -m venv .uv && .uv/bin/python -m pip install -qq --disable-pip-version-check uv && exit; \
		exit 1; \
	done; echo "Python 3.11 or later was not found." >&2; exit 1

.PHONY: help demo invoke simulate status screenshots bench test backend soak conform explore check check-code \
	check-types check-template check-docs format docs lock checkov rehearse validate build deploy events package clean
