"""Print the templates as SAM transforms them in some regions, as JSON, with the
events that the pattern of each of their rules lets through, by moto's
implementation of EventBridge patterns.
"""

import copy
import json
import pathlib
import sys

import boto3
from moto.events.models import EventPattern
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

task = json.loads(sys.argv[1])
root = pathlib.Path(task["root"])
sources = {name: yaml_parse((root / name).read_text()) for name in task["templates"]}


def transform(template, region):
    template = copy.deepcopy(template)
    if "Transform" not in template:
        return template
    for resource in template["Resources"].values():
        if "CodeUri" in resource["Properties"]:
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    session = boto3.session.Session(region_name=region)
    return Translator({}, Parser(), boto_session=session).translate(template, parameter_values={})


def events():
    real = pathlib.Path("testdata/eks-2023.json")
    yield str(real), json.loads(real.read_text())
    # A failed call of STS by another name.
    yield "AssumeRole", json.loads(real.read_text().replace("AssumeRoleWithWebIdentity", "AssumeRole"))
    for file in (root / "events").glob("*.json"):
        yield "events/" + file.name, json.loads(file.read_text())
    for name in task["edits"] + ["PutRolePolicy", "GetRole"]:
        detail = {"eventSource": "iam.amazonaws.com", "eventName": name}
        yield name, {"source": "aws.iam", "detail": detail}
        yield name + " elsewhere", {"source": "aws.iam", "detail": dict(detail, eventSource="sso.amazonaws.com")}
        yield name + " that failed", {"source": "aws.iam", "detail": dict(detail, errorCode="AccessDenied")}


def matches(template):
    found = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Events::Rule":
            pattern = EventPattern(None, resource["Properties"]["EventPattern"])
            found[name] = [event for event, content in events() if pattern.matches_event(content)]
    return found


json.dump(
    {
        "Templates": {r: {n: transform(t, r) for n, t in sources.items()} for r in task["regions"]},
        "Matches": {n: matches(t) for n, t in sources.items()},
    },
    sys.stdout,
)
