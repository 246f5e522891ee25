# Apothecary. `make` lists what there is.

PYTHON ?= python3
STACK := $(PYTHON) infra/local/stack.py

# What `make deploy` deploys: a section of samconfig.toml.
env ?= dev

.DEFAULT_GOAL := help
.PHONY: help setup dev deploy-local seed import demo reading stop clean watch sam-local watch-check sam-local-check new test outside code format lint unit templates end-to-end bench bench-gate weigh bench-profile bench-load judge-pdf browser-check peers-check storm-mutations postman typescript-client fhir coverage deny check-aws check-api deploy recount ask-providers bench-peers mutants soak

help:           ## Lists the commands
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  %-18s %s\n", $$1, $$2}'

setup:          ## Sets up the tools in .local/tools
	@$(STACK) setup

# ------------------------------------------------------------------ on this machine

dev:            ## Runs everything on this machine, and shows the logs until Ctrl-C [currency=NPR: by eSewa; BDT: by bKash]
	@$(STACK) dev

deploy-local:   ## Brings what changed into the running local stack [function=cart-get: of that function alone]
	@$(STACK) deploy-local $(function)

seed:           ## Creates the people and products that are missing in the running local stack
	@$(STACK) seed

demo:           ## Plays the whole story against the running local stack, from a stranger to a parcel at the door
	@$(PYTHON) infra/demo/demo.py

import:         ## Imports a table into the running local stack: make import kind=products|stock|drugsfda path=… [dry_run=1]
	@$(STACK) import '$(kind)' '$(path)' $(if $(dry_run),--dry-run)

reading:        ## Installs the reader of prescriptions, which `make dev` starts from then on
	@$(STACK) reading

stop:           ## Stops the local stack; its data is kept
	@$(STACK) stop

clean:          ## Stops the local stack and removes its data
	@$(STACK) clean

watch:          ## Serves the functions with `cargo lambda watch` against the running local stack
	@$(STACK) watch

sam-local:      ## Serves the functions with `sam local start-api` (Docker) against the running local stack
	@$(STACK) sam-local

watch-check:    ## Has `make watch` list products, sign in and show a cart, and ends it
	@$(STACK) check-served watch

sam-local-check: ## Has `make sam-local` (Docker) do the same, and ends it
	@$(STACK) check-served sam-local

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
	@$(PYTHON) infra/clients/run.py fetch || test $$? -eq 3

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

templates:      ## Checks the templates with cfn-lint, our rules and SAM, and the tools that deploy them
	@$(STACK) check-tools
	@$(STACK) check-templates

end-to-end:     ## Runs the end-to-end tests, and then the clients of docs/clients, each against a private stack that is removed after
	@test -f infra/unused-rights.txt || test -n "$(UPDATE_RIGHTS)" || { echo 'infra/unused-rights.txt is missing, so no right would count as unused. UPDATE_RIGHTS=1 make end-to-end writes it; it belongs to the repository.'; exit 1; }
	@$(STACK) build
	@$(STACK) test-stack rights -- cargo test --workspace --features e2e/stack --test e2e --locked
	@$(PYTHON) infra/clients/run.py fetch; case $$? in \
	  0) $(STACK) test-stack -- $(PYTHON) infra/clients/run.py all;; \
	  3) ;; \
	  *) exit 1;; esac

# The two below need tools that are nobody else's business to install.
COVERED = .local/coverage
# Branches are counted by a nightly compiler alone.
COVERING = cargo $(if $(branches),+nightly )llvm-cov
COVERER = rustc $(if $(branches),+nightly )--print sysroot
coverage:       ## Measures which lines the tests in one process reach, and writes a report to open; needs cargo-llvm-cov [branches=yes: and which branches; needs a nightly]
	@command -v cargo-llvm-cov >/dev/null || { echo 'cargo-llvm-cov is missing: nothing was measured. Install it: cargo install cargo-llvm-cov --locked'; exit 2; }
	@$(COVERER) >/dev/null 2>&1 \
	  || { echo 'A nightly compiler is missing, and no other counts branches: nothing was measured. Install it: rustup toolchain install nightly --component llvm-tools'; exit 2; }
	@ls "$$($(COVERER))"/lib/rustlib/*/bin/llvm-profdata >/dev/null 2>&1 \
	  || { echo "LLVM's tools are missing: nothing was measured. Install them: rustup component add llvm-tools$(if $(branches), --toolchain nightly)"; exit 2; }
	$(COVERING) --workspace --locked $(if $(branches),--branch )--ignore-filename-regex '/(tests|infra)/' --html --output-dir $(COVERED)
	@$(COVERING) report --ignore-filename-regex '/(tests|infra)/' --json --summary-only > $(COVERED)/summary.json
	@$(PYTHON) infra/coverage/summary.py < $(COVERED)/summary.json
	@echo 'The report: $(COVERED)/html/index.html'

deny:           ## Looks at the dependencies' licences, advisories, sources and doubles; needs cargo-deny
	@command -v cargo-deny >/dev/null || { echo 'cargo-deny is missing: nothing was looked at. Install it: cargo install cargo-deny --locked'; exit 2; }
	cargo deny --workspace --locked check --deny unmatched-skip --deny license-not-encountered

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

# The driver comes from a package registry and the browser from the distribution, so this is no part of `make test`.
BROWSER = .local/browser
browser-check:  ## Opens /v1/docs, and a page with docs/clients/session.js, in a real Chromium against the running local stack; fetches its driver first, which needs Node.js
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Node.js is missing: nothing was checked.'; exit 2; }
	@mkdir -p $(BROWSER)
	@npm install --prefix $(BROWSER) --no-save --no-fund --no-audit --silent "playwright-core@$$(cat tests/browser_check/playwright.version)" \
	  || { echo 'The driver could not be fetched: nothing was checked.'; exit 2; }
	node tests/browser_check/check.mjs $(BROWSER)

# The judges come from a package registry, so they are no part of `make test`.
FHIR = .local/fhir
fhir:           ## Has fhir.resources, fhirkit and an engine of FHIRPath judge the patient summaries that the tests write; fetches them first
	@test -x $(FHIR)/bin/python || $(PYTHON) -m venv $(FHIR)
	@$(FHIR)/bin/pip install --quiet --disable-pip-version-check --requirement infra/fhir/requirements.txt \
	  || { echo 'The judges could not be fetched: nothing was checked.'; exit 2; }
	cargo test --workspace --lib --locked -- records::ips
	$(FHIR)/bin/python infra/fhir/check.py

# The clients come from package registries, so they are no part of `make test`.
PEER_CLIENTS = .local/peer-clients
PEERS = $(or $(CARGO_TARGET_DIR),target)/debug/peers
peers-check:    ## Has the payment providers' own clients, and a stand-in by others, judge our stand-ins; fetches them first, which needs Node.js
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Node.js is missing: nothing was checked.'; exit 2; }
	@test -x $(PEER_CLIENTS)/bin/python || $(PYTHON) -m venv $(PEER_CLIENTS)
	@$(PEER_CLIENTS)/bin/pip install --quiet --disable-pip-version-check --requirement infra/peers/check/requirements.txt \
	  || { echo 'The clients could not be fetched: nothing was checked.'; exit 2; }
	@mkdir -p $(PEER_CLIENTS)/node
	@npm install --prefix $(PEER_CLIENTS)/node --no-save --no-fund --no-audit --silent "stripe@$$(cat infra/peers/check/stripe.version)" \
	  || { echo 'The clients could not be fetched: nothing was checked.'; exit 2; }
	@cp infra/peers/check/stripe_client.mjs $(PEER_CLIENTS)/node/
	cargo build --workspace --bin peers --locked
	for check in stripe_client paypal_client bkash_client esewa_vectors foreign; do \
	  $(PEER_CLIENTS)/bin/python infra/peers/check/$$check.py $(PEERS) || exit 1; done
	node $(PEER_CLIENTS)/node/stripe_client.mjs $(PEERS)

# One protection after the other is taken out of a copy of the tree: each time the storm has to fail.
storm-mutations: ## Takes each protection of payments away once, and sees the storm fail; only=NAME,… for some of them. Takes an hour or more, and 8 GB
	$(PYTHON) tests/storm_mutations/run.py $(only)

# cargo-mutants comes from a package registry, so this is no part of `make test`.
MUTANTS = .local/tools/mutants
mutants:        ## Breaks gate, ledger, pricing, stock, payments and permission in a copy, and sees the tests fail; area=NAME,… for some. Installs cargo-mutants first; takes hours, and 8 GB
	@wanted=$$($(PYTHON) infra/mutants/run.py --version-wanted); grep -qs "\"cargo-mutants $$wanted " $(MUTANTS)/.crates.toml \
	  || cargo install cargo-mutants --locked --version "$$wanted" --root $(MUTANTS) \
	  || { echo 'cargo-mutants could not be installed: nothing was judged.'; exit 2; }
	@$(PYTHON) infra/mutants/run.py $(area)

# `make end-to-end` runs both too, where Node.js is there.
postman:        ## Runs the Postman collection against the running local stack; fetches newman first, which needs Node.js
	@$(PYTHON) infra/clients/run.py postman

typescript-client: ## Compiles and tests the TypeScript client with lines that must and must not compile; fetches the compiler first, which needs Node.js
	@$(PYTHON) infra/clients/run.py typescript

# -------------------------------------------------------------------------- numbers

MEASURED = $(foreach name,only runs instructions write,$(if $($(name)),'$(name)=$($(name))'))

# What stands in the way is said before the builds, which take a minute for each function.
bench:          ## Measures the functions beside their budgets [only=checkout,cart] [runs=200] [instructions=all] [write=yes]
	cargo run --bin bench -- check $(MEASURED)
	@$(STACK) build-bench $(only)
	cargo run --bin bench -- $(MEASURED)

# Without a word it is of as few functions as show each kind of fault, so that it takes minutes. What is noted is of all.
GATE = $(if $(whole)$(update),kinds,quick)
bench-gate:     ## Fails when a binary weighs or runs more or less than the baseline says, or misses a budget [whole=yes] [update=yes]
	cargo run --bin bench -- check
	@$(if $(whole)$(update),$(STACK) build)
	@$(STACK) build-bench $(GATE)
	cargo run --bin bench -- gate $(foreach name,whole update,$(if $($(name)),$(name)=$($(name))))

weigh:          ## Builds functions for arm64, as they are deployed, and weighs them beside their budget [only=cart,orders|all] [update=yes]
	@$(STACK) build-arm64 $(only)
	cargo run --bin bench -- weigh $(foreach name,only update,$(if $($(name)),'$(name)=$($(name))'))

bench-profile:  ## Shows where the instructions of functions go: make bench-profile only=cart-put-item
	cargo run --bin bench -- check only=$(only) instructions=all
	@$(STACK) build-profile $(only)
	cargo run --bin bench -- profile only=$(only)

LOADED = $(foreach name,shoppers seconds units buyers,$(if $($(name)),'$(name)=$($(name))'))

bench-load:     ## Has customers and staff of all areas be busy in a private stack, made for them and removed after [shoppers=8] [seconds=30]
	@$(STACK) build
	@$(STACK) test-stack -- cargo run --bin bench --locked -- load $(LOADED)

# The program is built before the stack is made, which would wait for it.
SOAKED = $(foreach name,minutes seed shoppers,$(if $($(name)),'$(name)=$($(name))'))

soak:           ## The same beside faults of everything the functions call, and all invariants afterwards [minutes=30] [seed=1] [shoppers=6]
	@$(STACK) build
	cargo build --bin bench --locked
	@$(STACK) test-stack faults=$(or $(seed),1) -- cargo run --bin bench --locked -- soak $(SOAKED)

# Vendure comes from a package registry, so this is no part of `make test`.
VENDURE = .local/vendure
bench-peers:    ## Has customers shop in our shop and in Vendure, beside each other [customers=24] [rounds=5] [units=20] [buyers=64] [write=yes]; fetches Vendure first, which needs Node.js
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Node.js is missing: nothing was measured.'; exit 2; }
	@mkdir -p $(VENDURE)
	@cp infra/bench/vendure/package.json infra/bench/vendure/package-lock.json infra/bench/vendure/shop.mjs $(VENDURE)
	@cmp -s $(VENDURE)/package-lock.json $(VENDURE)/fetched || { cd $(VENDURE) && npm ci --no-fund --no-audit --silent && cp package-lock.json fetched; } \
	  || { echo 'Vendure could not be fetched: nothing was measured.'; exit 2; }
	@$(STACK) build
	@$(STACK) test-stack -- $(PYTHON) infra/bench/peers/bench_peers.py $(VENDURE) $(foreach name,customers rounds units buyers write,$(if $($(name)),'$(name)=$($(name))'))

# ---------------------------------------------------------------------------- in AWS

check-aws:      ## Looks in the account of this shell for what a deployment needs, and changes nothing: make check-aws env=dev|prod
	@$(STACK) check-aws $(env)

recount:        ## Has all orders and prescriptions counted again for the reports: make recount env=dev|prod [only=count]
	@$(STACK) recount $(env) $(if $(only),only=$(only))

ask-providers:  ## Has the payment providers asked about all orders, after their table was restored: make ask-providers env=dev|prod [only=count]
	@$(STACK) ask-providers $(env) $(if $(only),only=$(only))

check-api:      ## Has API Gateway import the routes alone into an API that is deleted again: make check-api env=dev|prod
	@$(STACK) check-api $(env)

RELEASED = $(foreach name,replace nested,$(if $($(name)),'$(name)=$($(name))'))

deploy: setup   ## Builds for Lambda and deploys into AWS: make deploy env=dev|prod [replace=yes] [nested=no]
	@$(STACK) check-account $(env)
	@$(STACK) build-release $(env)
	@$(STACK) release $(env) $(RELEASED)
