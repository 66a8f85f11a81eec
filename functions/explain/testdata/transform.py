"""Print the templates as SAM transforms them in some regions, as JSON, with the
events that the pattern of each template's rule lets through, by moto's
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


def matches(template):
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Events::Rule":
            pattern = EventPattern(None, resource["Properties"]["EventPattern"])
            return [name for name, event in events() if pattern.matches_event(event)]
    return None


json.dump(
    {
        "Templates": {r: {n: transform(t, r) for n, t in sources.items()} for r in task["regions"]},
        "Matches": {n: matches(t) for n, t in sources.items()},
    },
    sys.stdout,
)
