"""Each check asks one service about the template, and gives its findings, with what to do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

from botocore.exceptions import WaiterError

from preflight.permissions import ACCOUNT, STACKS, Case, cases, parameters
from translate.sam import CODE_URI, TEMPLATE
from translate.stack import Stack

_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_AT_ONCE = 8


def validate_policies(analyzer: Any, account: str) -> Iterator[str]:
    """Let IAM Access Analyzer read every policy of the template."""
    for name, document, options in _policies(_stack(list(STACKS)[-1], account)):
        pages = analyzer.get_paginator("validate_policy")
        for page in pages.paginate(policyDocument=json.dumps(document), **options):
            for found in page["findings"]:
                kind, details = (
                    f"{found['findingType']} {found['issueCode']}",
                    found["findingDetails"],
                )
                link = found["learnMoreLink"]
                yield f"{name}: {kind}: {details} Correct it in template.yaml: {link}"


def _policies(stack: Stack) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """Give every policy with its name, and how Access Analyzer is to read it."""
    identity = {"policyType": "IDENTITY_POLICY"}
    resource = {"policyType": "RESOURCE_POLICY"}
    trust = {**resource, "validatePolicyResourceType": "AWS::IAM::AssumeRolePolicyDocument"}
    for name in stack.resources("AWS::IAM::ManagedPolicy"):
        yield name, stack.properties(name)["PolicyDocument"], identity
    for name in stack.resources("AWS::IAM::Role"):
        role = stack.properties(name)
        yield f"{name}, trust", role["AssumeRolePolicyDocument"], trust
        for each in role["Policies"]:
            yield f"{name}, {each['PolicyName']}", each["PolicyDocument"], identity
    for name in stack.resources("AWS::SNS::TopicPolicy"):
        yield name, stack.properties(name)["PolicyDocument"], resource


def simulate_role(iam: Any, account: str) -> Iterator[str]:
    """Let IAM's simulator evaluate the function's role for every call of the table."""

    def same(case: Case) -> str:
        return json.dumps([case.stack, case.resource, _context(case)])

    # The simulator takes no wildcards in the resource of a call.
    exact = [case for case in cases() if not case.resource.endswith(f"{ACCOUNT}:*")]
    groups = [list(group) for _, group in groupby(sorted(exact, key=same), same)]
    documents = {stack: _role(_stack(stack, account)) for stack in STACKS}
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for wrong in threads.map(lambda g: _disagrees(iam, account, documents, g), groups):
            yield from wrong


def _disagrees(
    iam: Any, account: str, documents: dict[str, list[str]], group: list[Case]
) -> list[str]:
    """Return the calls of a group, alike but for their actions, that IAM judges otherwise."""
    answer = iam.simulate_custom_policy(
        PolicyInputList=documents[group[0].stack],
        ActionNames=sorted({case.action for case in group}),
        ResourceArns=[group[0].resource.replace(ACCOUNT, account)],
        ContextEntries=_context(group[0]),
    )
    decisions = {e["EvalActionName"]: e["EvalDecision"] for e in answer["EvaluationResults"]}
    return [
        f"{case.action} on {case.resource} in {case.region} ({case.says}): IAM says "
        f"{decisions[case.action]}, local/preflight/permissions.py says "
        f"{'allowed' if case.allowed else 'denied'}. Please report this as a bug."
        for case in group
        if (decisions[case.action] == "allowed") != case.allowed
    ]


def _stack(name: str, account: str) -> Stack:
    given = {each: value.replace(ACCOUNT, account) for each, value in parameters(name).items()}
    return Stack(given, account=account)


def _role(stack: Stack) -> list[str]:
    role = stack.properties("FunctionRole")
    managed = {
        stack.ref(n): stack.properties(n) for n in stack.resources("AWS::IAM::ManagedPolicy")
    }
    policies = [*role["Policies"], *(managed[arn] for arn in role["ManagedPolicyArns"])]
    return [json.dumps(each["PolicyDocument"]) for each in policies]


def _context(case: Case) -> list[dict[str, Any]]:
    values: dict[str, list[str]] = {"aws:RequestedRegion": [case.region]}
    for prefix, tags in (("Request", case.request_tags), ("Resource", case.resource_tags)):
        values |= {f"aws:{prefix}Tag/{key}": [value or ""] for key, value in tags.items()}
    values |= {key: [value] for key, value in case.other.items()}
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": given, "ContextKeyType": "string"}
        for key, given in values.items()
    ]
    if case.request_tags:
        keys = {"ContextKeyName": "aws:TagKeys", "ContextKeyValues": [*case.request_tags]}
        entries.append({**keys, "ContextKeyType": "stringList"})
    return entries


def change_set(cloudformation: Any, stack: str) -> Iterator[str]:
    """Let CloudFormation plan the deployment, and delete the plan.

    stack: the stack to upgrade, with its parameters; empty for a new one, with the defaults.
    """
    name = stack or f"snapshotter-preflight-{uuid.uuid4().hex[:8]}"
    asked = {
        "StackName": name,
        "ChangeSetName": f"preflight-{uuid.uuid4().hex[:8]}",
        "ChangeSetType": "UPDATE" if stack else "CREATE",
        "TemplateBody": TEMPLATE.read_text().replace("CodeUri: src/", f"CodeUri: {CODE_URI}"),
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": _previous(cloudformation, stack) if stack else [],
    }
    made = cloudformation.create_change_set(**asked)["Id"]
    try:
        waiter = cloudformation.get_waiter("change_set_create_complete")
        waiter.wait(ChangeSetName=made, WaiterConfig={"Delay": 5, "MaxAttempts": 60})
    except WaiterError as error:
        reason = str(error.last_response.get("StatusReason", error))
        if not any(each in reason for each in _NO_CHANGES):
            yield f"{reason} Correct template.yaml or the account's settings that this names."
    finally:
        cloudformation.delete_change_set(ChangeSetName=made)
        if not stack:
            # Nothing but the name: CloudFormation keeps it for the change set.
            cloudformation.delete_stack(StackName=name)


def _previous(cloudformation: Any, stack: str) -> list[dict[str, Any]]:
    """Return the parameters that the deployed template and this one have, with their values."""
    deployed = cloudformation.get_template_summary(StackName=stack)["Parameters"]
    names = {each["ParameterKey"] for each in deployed} & set(Stack().template["Parameters"])
    return [{"ParameterKey": each, "UsePreviousValue": True} for each in sorted(names)]
