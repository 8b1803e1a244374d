"""The commands of the runbook that bring servers back, executed line by line.

`aws` is answered by the Lightsail backend, and invoking the function runs it with its role.
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from lightsail_moto import Control, control, register
from snapshotter.lightsail.pacing import Deadline
from snapshotter.model.firewall import Firewall, from_ports
from tests.docs.aws_cli import shell
from tests.docs.pages import page
from tests.integration.deployment import Deployment
from tests.support.role import Role
from tests.support.soak import long_form
from translate.stack import Stack

RUNBOOK = page("docs/operations.md")
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
LOST, COPIES = "us-east-1", "us-west-2"
FIREWALL = (
    {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrs": ["203.0.113.0/24"]},
    {"protocol": "tcp", "fromPort": 443, "toPort": 443},
)
REPEATED = {"action": "restore", "all": True, "region": COPIES, "wait": 600}
NOT_IN_THE_BACKEND = (
    "get-domain",
    "update-domain-entry",
    "create-load-balancer",
    "attach-instances-to-load-balancer",
    "update-distribution",
)
"""Their parameters are checked; nothing answers them."""

register()


@dataclass
class Account:
    """One night was backed up and copied. `sh` runs a script in which time passes.

    deployment: the stack whose function the script invokes.
    """

    lightsail: Control
    deployment: Deployment
    invoked: list[dict[str, Any]] = field(default_factory=list)
    sh: Callable[[str], str] = str

    def commands(self, heading: str) -> str:
        """Run the commands of a section of the runbook."""
        blocks = [each.text for each in RUNBOOK.section(heading).blocks if each.language == "sh"]
        return self.sh("\n".join(each for each in blocks if not each.startswith("make ")))

    def invoke(self, arguments: dict[str, Any]) -> str:
        event = json.loads(arguments["Payload"])
        self.invoked.append(self.deployment(event, now=self.lightsail.clock.now()))
        return json.dumps(self.invoked[-1])

    def describe_stack(self, _: dict[str, Any]) -> dict[str, Any]:
        stack = self.deployment.stack
        outputs = [
            {"OutputKey": key, "OutputValue": stack.resolve(each["Value"])}
            for key, each in stack.template["Outputs"].items()
        ]
        return {"Stacks": [{"Outputs": outputs}]}

    def there(self, kind: str, region: str = COPIES) -> dict[str, Any]:
        return self.lightsail.world()[region].get(kind, {})


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", LOST)
    with mock_aws():
        lightsail = control()
        lightsail.clock.set(NIGHT)
        monkeypatch.setattr(Deadline, "sleep", lambda _, s: lightsail.clock.advance(seconds=s))
        tags = {"snapshot": None}
        seed = lightsail.seed
        seed.add_instance(
            "web-1", tags=tags, bundle_id="small_3_0", static_ip="web-1-address", firewall=FIREWALL
        )
        seed.add_disk("ledger", tags=tags, size_gb=32)
        seed.add_database("crm", tags=tags)
        stack = deployed(lightsail, monkeypatch, CopyToRegions=COPIES)
        stack.nightly(NIGHT)
        lightsail.clock.advance(hours=1)
        stack.sweep(lightsail.clock.now())
        lightsail.clock.advance(hours=1)
        account = Account(lightsail, stack)
        handlers = {
            ("lambda", "invoke"): account.invoke,
            ("cloudformation", "describe-stacks"): account.describe_stack,
            ("logs", "tail"): lambda _: "",
            **{("lightsail", each): lambda _: {} for each in NOT_IN_THE_BACKEND},
        }
        with shell(tmp_path, handlers, partial(lightsail.clock.advance, minutes=10)) as sh:
            functions = RUNBOOK.section("Look first").blocks[0].text
            account.sh = lambda script: sh(f"{functions}\n{script}")
            yield account


def deployed(lightsail: Control, monkeypatch: pytest.MonkeyPatch, **parameters: str) -> Deployment:
    stack = Stack({"PolicyName": "snapshotter", "EnableRestore": "true", **parameters})
    return Deployment(stack, Role.from_template(stack.parameters), lightsail, monkeypatch)


def firewall(instance: str, region: str = COPIES) -> Firewall:
    client = boto3.client("lightsail", region_name=region)
    found = client.get_instance_port_states(instanceName=instance)["portStates"]
    return from_ports([{**each} for each in found])


def recovery_parameters() -> dict[str, str]:
    """The parameters with which the runbook deploys a stack beside the copies."""
    (command,) = re.findall(r'make deploy ARGS="(.*)"', RUNBOOK.text)
    words = shlex.split(command)
    return dict(word.split("=", 1) for word in words[words.index("--parameter-overrides") + 1 :])


def statuses(answer: dict[str, Any]) -> Counter[str]:
    return Counter(each["status"] for each in answer["outcomes"] if each["action"] == "restore")


def assert_people_reach_the_servers(account: Account) -> None:
    instances, disks = account.there("Instance"), account.there("Disk")
    address, databases = (
        account.there("StaticIp")["web-1-address"],
        account.there("RelationalDatabase"),
    )

    assert {name: each["state"] for name, each in instances.items()} == {"web-1": "running"}
    assert {
        name for name, each in {**instances, **disks}.items() if "snapshot" in each["tags"]
    } == {
        "web-1",
        "ledger",
    }
    assert firewall("web-1") == from_ports(FIREWALL)
    assert disks["ledger"]["attachedTo"] == "web-1"
    assert address["attachedTo"] == "web-1"
    assert {name: each["state"] for name, each in databases.items()} == {"crm": "available"}


def test_a_command_that_fails_ends_the_script_with_its_error(account: Account) -> None:
    with pytest.raises(AssertionError, match=r"^aws lightsail get-disk .*NotFoundException"):
        account.sh("aws lightsail get-disk --disk-name gone\nrun '{}'")

    assert [answer["action"] for answer in account.invoked] == ["report"]


def test_the_report_is_what_the_first_commands_print(account: Account) -> None:
    account.sh("")

    assert [answer["action"] for answer in account.invoked] == ["report"]


def test_a_restored_server_is_put_into_service(account: Account) -> None:
    account.sh("""run '{"action": "restore", "resource": "web-1", "as": "web-1-restored"}'""")
    account.commands("Put it into service")

    restored = account.there("Instance", LOST)["web-1-restored"]
    assert firewall("web-1-restored", LOST) == from_ports(FIREWALL)
    assert account.there("StaticIp", LOST)["web-1-address"]["attachedTo"] == "web-1-restored"
    assert {"snapshot", "snapshotter:to-do"} <= restored["tags"].keys()


@long_form
def test_without_the_function_people_reach_the_servers_of_a_lost_region(account: Account) -> None:
    account.lightsail.deny(LOST)
    account.commands("Without this function")
    account.lightsail.allow(LOST)
    account.commands("Addresses, DNS, databases")

    assert_people_reach_the_servers(account)


def test_with_the_function_people_reach_the_servers_of_a_lost_region(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.lightsail.deny(LOST)
    account.deployment = deployed(account.lightsail, monkeypatch, **recovery_parameters())
    account.commands("With this function")
    *_, planned, restored = account.invoked
    assert statuses(planned) == {"planned": 3, "refused": 1}
    assert statuses(restored)["started"] == 2
    assert "by hand: attach it to an instance in its zone" in str(restored)
    # What the page says to wait for: the event is repeated, and comes to an end.
    account.sh(f"run '{json.dumps(REPEATED)}'")
    assert set(statuses(account.invoked[-1])) == {"exists", "refused"}
    # The disk, with the command of the other way.
    blocks = RUNBOOK.section("Without this function").blocks
    account.sh(blocks[-1].text.splitlines()[-1])
    web = account.there("Instance")["web-1"]
    assert web["tags"]["snapshotter:to-do"] == "done"
    account.lightsail.allow(LOST)
    account.commands("Addresses, DNS, databases")

    assert_people_reach_the_servers(account)
