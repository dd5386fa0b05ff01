# Every target is one script in bin/, which CI runs too. `make help` reads the lines below.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test faults coverage check bench screenshots docs locks keys sbom clean

help: ## List these targets
	@bin/help

run: ## Start everything on this machine; Ctrl-C stops it
	@bin/run

test: ## Run all tests, on both databases
	@bin/test

faults: ## Run the tests of faults, the long ones too, with several seeds
	@bin/faults

coverage: ## Run all tests and say which lines they miss
	@bin/coverage

check: ## Check format, lint, types, imports, spelling, templates, locks and migrations
	@bin/check

bench: ## Measure against the raw way of doing the same, and print one table
	@bin/bench

screenshots: ## Take the pictures of docs/screenshots from the running panel
	@bin/screenshots

docs: ## Write the reference pages from the code
	@bin/docs

locks: ## Resolve requirements/*.in into hashed locks
	@bin/locks

keys: ## Make keys for a production environment
	@bin/keys

sbom: ## List what an installation consists of in dist/sbom.cdx.json
	@bin/sbom

clean: ## Remove .venv and caches; data in var/ stays
	@bin/clean
