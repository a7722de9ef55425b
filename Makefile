# ctxbrowse: what a person or CI asks of this tree. `make` alone lists the targets.

SWIFT_CHECKS := --explicit-target-dependency-import-check error
# The program brings the C++ library of Swift's runtime along and exports no names: to
# find that library and bind its names took more than a millisecond of every start.
STATIC := .build/static
LINKING := -Xswiftc -L$(CURDIR)/$(STATIC) -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker --no-export-dynamic
RELEASE := -c release --static-swift-stdlib $(SWIFT_CHECKS) $(LINKING)
# Many more tests than cores at once wait for each other longer than a server
# answers; with few, those that wait for their turn on a server are all there is.
TEST_WIDTH := --experimental-maximum-parallelization-width 8
PYTHON ?= python3
VENV := .build/python
export CTXBROWSE_TEST_PYTHON := $(CURDIR)/$(VENV)/bin/python

.PHONY: help install build release demo demo-servers install-test test servers stop-servers lint format docs screens bench clean

help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | sort | expand -t 14

install: ## Installs the Debian packages that the build needs and that are missing
	@scripts/install-packages build

install-test:
	@scripts/install-packages test

build: install ## Builds for debugging, every import checked
	swift build $(SWIFT_CHECKS)

release: install $(STATIC)/libstdc++.a ## Builds the program as it is shipped
	@swift build $(RELEASE) --product ctxbrowse

# In a directory without the shared one, which a linker takes first.
$(STATIC)/libstdc++.a:
	@mkdir -p $(STATIC)
	@PATH="$$PATH:$$(dirname "$$(readlink -f "$$(command -v swift)")")"; \
		ln -sf "$$(clang -print-file-name=libstdc++.a)" $@

demo: ## Opens the browser on a throw-away copy of demo stores
	@scripts/release-if-changed
	@exec .build/release/ctxbrowse --demo

demo-servers: release $(VENV)/ready ## Opens it on the demo stores and on Redis, PostgreSQL and S3 servers filled with them
	@swift build $(RELEASE) --product DemoFiller
	@exec scripts/with-servers scripts/demo-on-servers

$(VENV)/ready: Tests/Python/requirements.txt | install-test
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/Python/requirements.txt
	@touch $@

test: install $(VENV)/ready lint ## Installs what is missing, lints, builds, starts the servers, passes all tests
	swift build --build-tests $(SWIFT_CHECKS)
	scripts/with-servers scripts/repeat-failures swift test --skip-build --disable-xctest $(TEST_WIDTH)

servers: $(VENV)/ready ## Starts Redis, PostgreSQL and S3 servers, tells how to open each
	@scripts/servers start

stop-servers: ## Stops them and removes what they hold
	@[ ! -e .build/servers ] && [ ! -L .build/servers ] || scripts/servers stop

lint: ## Checks the format of every Swift file
	swift format lint --strict --recursive Sources Tests Benchmarks scripts Package.swift

format: ## Formats every Swift file
	swift format --in-place --recursive Sources Tests Benchmarks scripts Package.swift

docs: install ## Writes the manual page, completions and key table anew
	@scripts/release-if-changed
	@scripts/write-docs

screens: install-test ## Makes the pictures in assets anew, of the real program on the demo stores
	@scripts/release-if-changed
	@scripts/screens

bench: release $(VENV)/ready ## Measures against named peers in the same run
	@scripts/install-packages bench
	@Benchmarks/run

clean: stop-servers ## Removes everything built
	rm -rf .build
