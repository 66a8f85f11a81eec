# Included by the Makefile: the Python tools, the function's build, and the
# check of the template.

VENV := .venv/.stamp

$(VENV): deploy/tools.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement deploy/tools.txt
	touch $@

.PHONY: tools
tools: $(VENV) ## install the Python tools of the tests into .venv

# `sam build` calls this target with its own ARTIFACTS_DIR and needs the same
# architecture as template.yaml.
ARTIFACTS_DIR ?= build/explain

.PHONY: build-ExplainFunction
build-ExplainFunction: ## build the function's bootstrap for Lambda
	GOOS=linux GOARCH=$(or $(GOARCH),arm64) CGO_ENABLED=0 go build -trimpath -tags lambda.norpc -ldflags "-s -w" -o $(ARTIFACTS_DIR)/bootstrap ./functions/explain

# sam asks for a region even to validate; it makes no call.
.PHONY: template-check
template-check: $(VENV) ## check template.yaml with sam validate --lint and cfn-lint
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 .venv/bin/sam validate --lint --template template.yaml
	.venv/bin/cfn-lint template.yaml
