"""The firewall and the address of the instance, and restores that are refused."""

from __future__ import annotations

from conform.run import Run

PORTS = [
    {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["203.0.113.0/24"]},
    {"fromPort": 443, "toPort": 443, "protocol": "tcp"},
    {"fromPort": 8, "toPort": -1, "protocol": "icmp"},
]
HTTPS = {"fromPort": 443, "toPort": 443, "protocol": "TCP"}


def network(run: Run) -> None:
    instance = {"instanceName": run.name("instance")}
    address = {"staticIpName": run.name("address")}
    run.must("put-ports", "PutInstancePublicPorts", portInfos=PORTS, **instance)
    run.must("get-ports", "GetInstance", **instance)
    run.must("close-port", "CloseInstancePublicPorts", portInfo=HTTPS, **instance)
    run.must("get-ports-after-close", "GetInstance", **instance)
    run.call("put-no-ports", "PutInstancePublicPorts", portInfos=[], **instance)
    run.call("get-no-ports", "GetInstance", **instance)
    run.must("attach-static-ip", "AttachStaticIp", **address, **instance)
    run.call("attach-static-ip-again", "AttachStaticIp", **address, **instance)
    run.pages("get-static-ips", "GetStaticIps")
    run.must("get-with-address", "GetInstance", **instance)
    run.must("detach-static-ip", "DetachStaticIp", **address)
    run.must("get-detached", "GetStaticIp", **address)
    restored = {
        "instanceSnapshotName": run.name("instance-copy"),
        "instanceNames": [run.name("restored")],
        "availabilityZone": run.seen("create-instance").request["availabilityZone"],
        "bundleId": run.seen("create-instance").request["bundleId"],
        "tags": [run.tag],
    }
    create = "CreateInstancesFromSnapshot"
    run.call("refused-key-pair", create, keyPairName=run.name("missing"), **restored)
    run.call("refused-address-type", create, ipAddressType="ipv6", **restored)
