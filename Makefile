# Apothecary. `make` lists what there is.

PYTHON ?= python3
STACK := $(PYTHON) infra/local/stack.py
TOOLS := .local/tools/deploy/bin

# What `make deploy` deploys: a section of samconfig.toml, and what the functions are built for.
env ?= dev
architecture ?= arm64

.DEFAULT_GOAL := help
.PHONY: help setup dev deploy-local seed stop clean watch sam-local new test outside code format lint unit templates end-to-end bench bench-gate bench-profile bench-load judge-pdf peers-check deploy

help:           ## Lists the commands
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  %-14s %s\n", $$1, $$2}'

setup:          ## Sets up the tools in .local/tools
	@$(STACK) setup

# ------------------------------------------------------------------ on this machine

dev:            ## Runs everything on this machine, and shows the logs until Ctrl-C
	@$(STACK) dev

deploy-local:   ## Brings what changed into the running local stack [function=cart-get: of that function alone]
	@$(STACK) deploy-local $(function)

seed:           ## Creates the people and products that are missing in the running local stack
	@$(STACK) seed

stop:           ## Stops the local stack; its data is kept
	@$(STACK) stop

clean:          ## Stops the local stack and removes its data
	@$(STACK) clean

watch:          ## Serves the functions with `cargo lambda watch` against the running local stack
	@$(STACK) watch

sam-local:      ## Serves the functions with `sam local start-api` (Docker) against the running local stack
	@$(STACK) sam-local

# ------------------------------------------------------------------------- the code

new:            ## Adds an endpoint: make new area=… operation=… route='POST /v1/…' [access='Needs(P::Buy)']
	@$(PYTHON) infra/new/new.py $(foreach name,area operation route access summary,'$(name)=$($(name))')

# --------------------------------------------------------------------------- checks

test:           ## Runs every check there is
	@$(MAKE) --no-print-directory --jobs=2 outside code
	@$(MAKE) --no-print-directory end-to-end

# The one waits for the network, the other for the processor.
outside:
	@$(MAKE) --no-print-directory setup
	@$(MAKE) --no-print-directory templates

code:
	@$(MAKE) --no-print-directory format
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit

format:         ## Checks the formatting
	cargo fmt --all --check

lint:           ## Runs clippy with warnings denied
	cargo clippy --workspace --all-targets --features e2e/stack --locked -- --deny warnings

unit:           ## Runs the unit, property, store, handler and workspace tests
	cargo test --workspace --locked

templates:      ## Checks the templates with cfn-lint, our rules and SAM
	@$(STACK) check-templates

end-to-end:     ## Runs the end-to-end tests against a private stack, made for them and removed after
	@$(STACK) build
	@$(STACK) test-stack -- cargo test --workspace --features e2e/stack --test e2e --locked

# The judges come from package registries, so they are no part of `make test`.
JUDGES = .local/judges
judge-pdf:      ## Has pdf.js, MuPDF and qpdf say what is in rebuilt PDFs; fetches them first, which needs Node.js
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Node.js is missing: nothing was judged.'; exit 2; }
	@mkdir -p $(JUDGES)
	@test -x $(JUDGES)/python/bin/python || $(PYTHON) -m venv $(JUDGES)/python
	@$(JUDGES)/python/bin/pip install --quiet --disable-pip-version-check --requirement tests/pdf_judges/requirements.txt
	@cd $(JUDGES) && npm install --no-save --no-fund --no-audit --silent "pdfjs-dist@$$(cat $(CURDIR)/tests/pdf_judges/pdfjs.version)"
	cargo build --workspace --example rebuild_pdf --locked
	$(JUDGES)/python/bin/python tests/pdf_judges/judge.py $(JUDGES) target/debug/examples/rebuild_pdf

# The clients come from a package registry, so they are no part of `make test`.
PEER_CLIENTS = .local/peer-clients
peers-check:    ## Has the payment providers' own clients drive our stand-ins for them; fetches the clients first
	@test -x $(PEER_CLIENTS)/bin/python || $(PYTHON) -m venv $(PEER_CLIENTS)
	@$(PEER_CLIENTS)/bin/pip install --quiet --disable-pip-version-check --requirement infra/peers/check/requirements.txt \
	  || { echo 'The clients could not be fetched: nothing was checked.'; exit 2; }
	cargo build --workspace --bin peers --locked
	$(PEER_CLIENTS)/bin/python infra/peers/check/stripe_client.py target/debug/peers

# -------------------------------------------------------------------------- numbers

MEASURED = $(foreach name,only runs instructions write,$(if $($(name)),'$(name)=$($(name))'))

# What stands in the way is said before the builds, which take a minute for each function.
bench:          ## Measures the functions beside their budgets [only=checkout,cart] [runs=200] [instructions=all] [write=yes]
	cargo run --bin bench -- check $(MEASURED)
	@$(STACK) build-bench $(only)
	cargo run --bin bench -- $(MEASURED)

bench-gate:     ## Fails when a binary weighs or runs more or less than the baseline says, or misses a budget [update=yes]
	cargo run --bin bench -- check
	@$(STACK) build
	@$(STACK) build-bench kinds
	cargo run --bin bench -- gate $(if $(update),update=$(update))

bench-profile:  ## Shows where the instructions of functions go: make bench-profile only=cart-put-item
	cargo run --bin bench -- check only=$(only) instructions=all
	@$(STACK) build-profile $(only)
	cargo run --bin bench -- profile only=$(only)

bench-load:     ## Sends mixed shoppers to a private stack, made for them and removed after
	@$(STACK) build
	@$(STACK) test-stack -- cargo run --bin bench -- load

# ---------------------------------------------------------------------------- in AWS

deploy: setup   ## Builds for Lambda and deploys into AWS: make deploy env=dev|prod
	@$(STACK) check-account $(env)
	@$(STACK) build-release $(architecture)
	$(TOOLS)/sam deploy --template-file template.yaml --config-env $(env)
