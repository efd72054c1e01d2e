# Ronde — what can be done with the source.
#
#   make run        start everything with a fictional organisation; Ctrl-C stops it
#   make test       every check; installs what is missing (Debian) or says what is
#   make check      the fast part: format, vet, floors
#   make build      bin/ronde, one static binary
#   make help       this list
#
# One check alone: make fmt, vet, staticcheck, floors, unit, stories, browser.

export GOTOOLCHAIN := local
export GOFLAGS     := -mod=readonly
export DEBIAN_FRONTEND := noninteractive

BIN      := bin
FUZZTIME ?= 30s
LOOK_DIR ?=
# The product is built without C. Checks that only read it use the same setting,
# so that they share its build cache.
PLAIN    := CGO_ENABLED=0

# Rooms that start goroutines; the others run theirs in tests of every package
# (make race).
RACED := ./lexicon/... ./ledger ./watch ./desk ./channel/... ./internal/... ./web/api

.PHONY: help run build test test-all check setup fmt vet staticcheck floors unit race stories browser samples look pictures bench fuzz clean

help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' Makefile

run:
	go run ./cmd/ronde demo

build:
	$(PLAIN) go build -trimpath -ldflags "-s -w" -o $(BIN)/ronde ./cmd/ronde

# --- every check -----------------------------------------------------------

test:
	@tools/steps setup fmt vet staticcheck floors unit stories browser

test-all:
	@WIDE=1 tools/steps setup fmt vet staticcheck floors unit race stories browser samples fuzz

check:
	@tools/steps fmt vet floors

setup:
	@tools/setup

fmt:
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "not formatted (gofmt -w):"; echo "$$bad"; exit 1; }

vet:
	@$(PLAIN) go vet ./...

staticcheck: $(BIN)/staticcheck
	@$(PLAIN) $(BIN)/staticcheck ./...

# Pinned in a module of its own, so that it does not weigh on the product.
$(BIN)/staticcheck: tools/go.mod tools/go.sum
	@mkdir -p $(BIN)
	@go -C tools build -o ../$@ honnef.co/go/tools/cmd/staticcheck

# The table of floors and the bans of the design (arch_test.go).
floors:
	@go test .

# Every package but the stories; the rooms with goroutines of their own under
# the race detector. Stores run on SQLite and on a PostgreSQL that the tests
# start and stop themselves.
unit:
	@mkdir -p $(BIN); \
	go test -race -timeout 15m $(RACED) || touch $(BIN)/.failed; \
	$(PLAIN) go test -timeout 15m $$(go list ./... | grep -v -x -e ronde -e ronde/e2e $$(go list $(RACED) | sed 's/^/-e /')) || touch $(BIN)/.failed; \
	! rm $(BIN)/.failed 2>/dev/null

# Every package under the race detector.
race:
	@go test -race -timeout 40m $$(go list ./... | grep -v -x -e ronde -e ronde/e2e)

# The stories, played against the real binary, raced: all on SQLite, and on
# PostgreSQL those in which the database matters most (WIDE=1: all).
stories:
	@go test -timeout 15m ./e2e

# Every page of both doors in a real browser: axe, no JavaScript, keyboard only.
browser: build
	@cd e2e/browser && node --test --test-reporter=dot
	@cd e2e/browser && RONDE=$(CURDIR)/$(BIN)/ronde node check.mjs noscript keyboard pages

# Each page in each of its states, with rich content, and the portal in every
# language: the wide matrix.
samples: build
	@cd e2e/browser && RONDE=$(CURDIR)/$(BIN)/ronde node check.mjs samples tongues

# Every page as a picture, outside the repository: make look LOOK_DIR=/some/folder
look: build
	@test -n "$(LOOK_DIR)" || { echo "say where: make look LOOK_DIR=/some/folder"; exit 2; }
	@cd e2e/browser && RONDE=$(CURDIR)/$(BIN)/ronde LOOK_DIR=$(LOOK_DIR) node look.mjs

# The two pictures of the README.
pictures: build
	@cd e2e/browser && RONDE=$(CURDIR)/$(BIN)/ronde node look.mjs readme

bench: build
	$(BIN)/ronde bench

# Each fuzz target for FUZZTIME, beyond the kept corpora that unit tests replay.
fuzz:
	@tools/fuzz $(FUZZTIME)

clean:
	rm -rf $(BIN) e2e/browser/node_modules
