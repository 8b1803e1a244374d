# The one door to this repository. `make` alone tells what there is behind it.
#
# Needed: make, a POSIX shell, and any Python from 3.11. The rest is brought along: uv into .uv/, if
# the machine has none; the environment into .venv/, from uv.lock; SAM into uv's cache.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# These pin their own boto3, cfn-lint and more, so each lives in an environment of its own.
SAM_VERSION := 1.170.0
CHECKOV_VERSION := 3.3.30
MINISTACK_VERSION := 1.5.33
TRANSLATOR_VERSION := 1.115.0

UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.uv/bin/uv)
PYTHON := .venv/bin/python
READY := .venv/.ready
WITH_UV = PATH="$(CURDIR)/.venv/bin:$(dir $(UV)):$$PATH"
TOOL = $(UV) tool run --quiet --python $(PYTHON)
SAM_COMMAND = $(TOOL) --from aws-sam-cli==$(SAM_VERSION) sam
SAM = $(WITH_UV) SAM_CLI_TELEMETRY=0 $(SAM_COMMAND)

# What a recipe reads as "$$NAME" reaches it unchanged, whatever is in it.
export EVENT POLICY DAYS LIVE STACK

##@ Look around

help:  ## Show this list
	@awk 'BEGIN { FS = ":.*  ## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*  ## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(READY)  ## A fleet, a fortnight of runs and what they leave: all on this machine
	@$(PYTHON) -m demo

invoke: $(READY)  ## Run the function on EVENT=events/now.json; LIVE=1 for the account of AWS_PROFILE
	@$(PYTHON) -m invoke "$${EVENT:-events/now.json}"

simulate: $(READY)  ## Show what POLICY="daily=7 weekly=4" keeps over DAYS=60
	@$(PYTHON) -m simulate $${POLICY:+--policy "$$POLICY"} $${DAYS:+--days "$$DAYS"}

bench: $(READY)  ## Measure a run over a large fleet
	@$(PYTHON) -m bench

##@ Change something

test: $(READY)  ## Run every test, offline
	@$(PYTHON) -m pytest --quiet --numprocesses auto

soak: $(READY)  ## Run every test in its long form: hostile worlds, a death at every single call
	@SOAK=1 $(PYTHON) -m pytest --quiet --numprocesses auto

check: $(READY)  ## Format, lint, types; the template, and what SAM makes of it
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy --no-error-summary src local tests
	@$(PYTHON) -m translate --output build/cloudformation.json
	@.venv/bin/cfn-lint template.yaml build/cloudformation.json
	@echo "Formatted, linted, typed; the template is sound."

format: $(READY)  ## Format the code and repair what the linter can
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix --quiet .

lock: $(UV)  ## Renew uv.lock and, from it, src/requirements.txt
	@$(UV) lock --quiet
	@{ echo "# What is deployed beside our code, written by make lock from uv.lock; a test compares them."; \
		$(UV) export --quiet --frozen --no-dev --no-emit-project --no-header; } >src/requirements.txt

checkov: $(READY)  ## Let checkov look for what is insecure; .ci/checkov.yaml says what is meant so
	@$(PYTHON) -m translate --output build/cloudformation.json
	@$(TOOL) --from checkov==$(CHECKOV_VERSION) checkov --config-file .ci/checkov.yaml \
		--file build/cloudformation.json

rehearse: $(READY)  ## Deploy to an emulator on this machine, run, look, delete: docs/rehearsal.md
	@$(WITH_UV) SAM_CLI_TELEMETRY=0 $(PYTHON) -m rehearse --sam "$(SAM_COMMAND)" \
		--emulator "$(TOOL) --from ministack==$(MINISTACK_VERSION) \
			--with aws-sam-translator==$(TRANSLATOR_VERSION) ministack"

##@ Deploy

validate: $(READY)  ## Let SAM validate and lint the template
	@$(SAM) validate --lint

build: $(READY)  ## Build what is deployed, for Python 3.13 on arm64, into .aws-sam/
	@$(SAM) build

deploy: build  ## Deploy the stack as samconfig.toml says; ARGS=--guided asks for every parameter
	@$(SAM) deploy $(ARGS)

events: $(READY)  ## Put events/ into the console's list of test events of STACK
	@[ -n "$$STACK" ] || { echo "Which stack? make events STACK=snapshotter" >&2; exit 2; }
	@for file in events/*.json; do \
		$(SAM) remote test-event put SnapshotFunction --stack-name "$$STACK" \
			--name "$$(basename "$$file" .json)" --file "$$file" --force || exit; \
	done

package: $(READY)  ## Build what StackSets can deploy without SAM, into build/; DASHBOARD=no
	@rm -rf build/function && mkdir -p build/function
	@$(WITH_UV) $(MAKE) -C src build-SnapshotFunction ARTIFACTS_DIR="$(CURDIR)/build/function"
	@$(PYTHON) -m translate.package --built build/function $(if $(filter no,$(DASHBOARD)),--no-dashboard)

##@ Clean up

clean:  ## Remove what was built and cached; the environments stay
	@rm -rf .aws-sam build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find src local tests -name __pycache__ -prune -exec rm -rf {} +

# The environment is made with Python 3.13, the deployed runtime (.python-version), which uv finds or
# downloads; where it can do neither, with whatever Python from 3.11 there is.
$(READY): uv.lock pyproject.toml | $(UV)
	@[ -x $(PYTHON) ] || $(UV) venv --quiet 2>/dev/null || { \
		echo "No Python $$(cat .python-version) here, the one that is deployed: using the machine's own." && \
		$(UV) venv --quiet --no-project --python '>=3.11' .venv; }
	@$(UV) sync --quiet --locked --python $(PYTHON)
	@touch $@

$(CURDIR)/.uv/bin/uv:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -m venv .uv && .uv/bin/python -m pip install -qq --disable-pip-version-check uv && exit; \
		exit 1; \
	done; echo "Python 3.11 or later is needed, and none was found." >&2; exit 1

.PHONY: help demo invoke simulate bench test soak check format lock checkov rehearse \
	validate build deploy events package clean
