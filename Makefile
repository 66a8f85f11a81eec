# Targets of rolewhy. "make" lists them; the two that matter first are
# "make replay" (the sample events, no AWS needed) and "make test" (everything).
.DEFAULT_GOAL := help
SHELL := /bin/bash

GO       ?= go
TIME     ?= 30s
# A number of runs, not a time: at the end of a time Go may take the end for a failure
# (https://go.dev/issue/75804).
FUZZTIME ?= 1500x

GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
ACTIONLINT  := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
BENCHSTAT   := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

include deploy/tools.mk

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-zA-Z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build ./rolewhy
	CGO_ENABLED=0 $(GO) build -ldflags=-funcalign=64 -o rolewhy . # without C it starts sooner; see bench-scan for the other

.PHONY: replay
replay: build ## explain the sample events in events/: no AWS needed
	./rolewhy replay

.PHONY: test
test: tools ## everything: unit and end-to-end tests, template checks, fuzzing for some seconds
	$(GO) test ./...
	$(MAKE) --no-print-directory template-check
	$(MAKE) --no-print-directory fuzz TIME=$(FUZZTIME)

.PHONY: lint
lint: ## gofumpt, go vet, staticcheck, govulncheck, go mod tidy, actionlint
	@out=$$($(GO) run $(GOFUMPT) -l .); if [ -n "$$out" ]; then echo "gofumpt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff
	@deploy/scripts/govulncheck $(GOVULNCHECK)
	@deploy/scripts/actionlint $(ACTIONLINT)

.PHONY: docs
docs: ## write docs/causes.md, docs/audit.md, docs/providers.md and the samples in pages anew
	$(GO) test ./pkg/diagnose -run TestCausesDocument -update
	$(GO) test ./pkg/audit -run TestRulesDocument -update
	$(GO) test ./pkg -run 'TestProvidersDocument|TestPages' -update

# The packages that have expected files: a test that knows the flag -update.
GOLDEN = $(sort $(dir $(shell grep -rl 'flag.Bool."update"' --include='*_test.go' pkg events)))

.PHONY: golden
golden: ## write the expected texts anew; read the difference before you commit it
	$(GO) test $(addprefix ./,$(GOLDEN)) -update

.PHONY: picture
picture: build ## draw docs/images anew (needs Chromium)
	@deploy/scripts/picture events/subject-environment.json docs/images/report.png
	@./rolewhy explain events/subject-environment.json --output slack | deploy/scripts/slack-picture docs/images/slack-mismatch.png
	@./rolewhy explain events/stranger-miner.json --output slack | deploy/scripts/slack-picture docs/images/slack-stranger.png
	@deploy/scripts/slack-picture docs/images/slack-thread-begins.png alert evidence < pkg/notify/slack/testdata/thread.json
	@deploy/scripts/slack-picture docs/images/slack-thread-ends.png update answer over < pkg/notify/slack/testdata/thread.json

.PHONY: page-pictures
page-pictures: tools ## draw docs/images/page-*.png anew
	$(GO) test ./pkg/page -run TestPictures -pictures $(CURDIR)/docs/images

.PHONY: bench
bench: ## measure; BASE=FILE compares with an earlier run by benchstat
	@mkdir -p build
	$(GO) test -run '^$$' -bench . -benchmem -count 6 ./pkg/policy ./pkg/cloudtrail ./pkg/idp ./pkg/diagnose ./pkg/audit | tee build/bench.txt
	$(GO) run $(BENCHSTAT) $(BASE) build/bench.txt

.PHONY: bench-scan
bench-scan: ## measure scan beside gzip, jq, zgrep and DuckDB; the table is Markdown (SCAN=--small for a small one)
	@deploy/scripts/bench-scan $(SCAN)

.PHONY: fuzz
fuzz: ## run every fuzz target for TIME each (TIME=30s)
	@deploy/scripts/fuzz $(TIME)

.PHONY: mutants
mutants: ## switch off one guard at a time: a test must fail each time
	@deploy/scripts/mutants

.PHONY: score
score: build ## score the diagnosis on the labelled cases and strangers
	python3 pkg/diagnose/testdata/score/score.py pkg/diagnose/testdata/cases -- ./rolewhy explain --mine --output json
	python3 pkg/diagnose/testdata/score/score.py pkg/diagnose/testdata/cases -- ./rolewhy explain --output json | tail -n 1
	python3 pkg/diagnose/testdata/score/score.py pkg/diagnose/testdata/strangers -- ./rolewhy explain --output json

.PHONY: cause
cause: ## scaffold a cause: make cause CODE=my-cause
	@deploy/scripts/new-cause "$(CODE)"

.PHONY: clean
clean: ## remove what was built
	rm -rf rolewhy build .aws-sam
