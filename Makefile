# ctxbrowse: what a person or CI asks of this tree. `make` alone lists the targets.

SWIFT_CHECKS := --explicit-target-dependency-import-check error
RELEASE := -c release --static-swift-stdlib $(SWIFT_CHECKS)
PYTHON ?= python3
VENV := .build/python
export CTXBROWSE_TEST_PYTHON := $(CURDIR)/$(VENV)/bin/python

.PHONY: help install build release demo test lint format bench clean

help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | sort | expand -t 12

install: ## Installs the Debian packages that are missing
	@scripts/install-packages

build: install ## Builds for debugging, every import checked
	swift build $(SWIFT_CHECKS)

release: install ## Builds the program as it is shipped
	@swift build $(RELEASE) --product ctxbrowse

demo: ## Opens the browser on a throw-away copy of demo stores
	@scripts/release-if-changed
	@exec .build/release/ctxbrowse --demo

$(VENV)/ready: Tests/Python/requirements.txt
	@scripts/install-packages
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/Python/requirements.txt
	@touch $@

test: install $(VENV)/ready lint ## Installs what is missing, lints, builds, passes all tests
	swift build --build-tests $(SWIFT_CHECKS)
	swift test --skip-build --disable-xctest

lint: ## Checks the format of every Swift file
	swift format lint --strict --recursive Sources Tests Benchmarks Package.swift

format: ## Formats every Swift file
	swift format --in-place --recursive Sources Tests Benchmarks Package.swift

bench: release $(VENV)/ready ## Measures against named peers in the same run
	@Benchmarks/run

clean: ## Removes everything built
	rm -rf .build
