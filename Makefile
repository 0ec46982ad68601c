# make demo: from a clean clone to a printed segment report. make test: everything that CI runs.
SWIFT      ?= swift
PREFIX     ?= /usr/local
CONFIG     ?= release
# The machine at hand by default; `make build MARCH=` builds the portable variant.
MARCH      ?= native
MARCHFLAGS  = $(if $(MARCH),-Xcc -march=$(MARCH))
SCRATCH     = .build$(if $(MARCH),-$(MARCH))
CHECKFLAGS  = --explicit-target-dependency-import-check error
TROPA       = $(SCRATCH)/$(CONFIG)/tropa
DEMO       ?= demo-output

.PHONY: all setup build test fuzz demo bench bench-peers reference lint format install clean help

all: build

help:
	@echo "make setup | build | test | fuzz | demo | bench | bench-peers | reference | lint | format | install | clean"

# Installs the system packages that are missing, with sudo where we are not root.
setup:
	@sh .ci/setup

build: setup
	$(SWIFT) build -c $(CONFIG) --product tropa --scratch-path $(SCRATCH) $(MARCHFLAGS) $(CHECKFLAGS)
	@echo "built $(TROPA)"

test: setup
	$(SWIFT) build --build-tests $(CHECKFLAGS)
	$(SWIFT) test --skip-build $(TESTFLAGS)

# Damaged bytes under AddressSanitizer, FUZZ times as many as in `make test`; query texts for FUZZ
# minutes (at 10, a million or more); generated queries on FUZZ times 20 graphs.
FUZZ       ?= 10
FUZZER      = $(SCRATCH)/$(CONFIG)/QueryFuzzer
fuzz: setup
	$(SWIFT) build -c $(CONFIG) --product QueryFuzzer --scratch-path $(SCRATCH) $(MARCHFLAGS)
	seed=$$(date +%s); echo "fuzzing with the seed $$seed"; \
	  $(FUZZER) differential $$seed $$((20 * $(FUZZ))) 100 && \
	  $(FUZZER) texts $$seed $$((60 * $(FUZZ))) $(SCRATCH)/fuzzed-text
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build-address
	TROPA_FUZZ=$(FUZZ) SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:handle_sigill=1:abort_on_error=1 \
	  $(SWIFT) test --skip-build --sanitize=address \
	  --scratch-path .build-address --filter 'damaged|Damage|flippedBytes'

demo: build
	@sh .ci/demo $(TROPA) $(DEMO)

bench: build
	@sh Benchmarks/run.sh $(TROPA)

# The same questions in DuckDB, Kùzu, Ladybug and FalkorDB from PyPI; see Benchmarks/README.md.
PEERS      ?= --scales M
bench-peers: build
	@sh Benchmarks/peers.sh $(TROPA) $(PEERS)

# The articles that are generated from the tables of functions and procedures.
reference: build
	$(TROPA) reference Sources/Tropa/Tropa.docc/Articles

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(TROPA) $(DESTDIR)$(PREFIX)/bin/tropa

clean:
	rm -rf .build .build-* $(DEMO)
