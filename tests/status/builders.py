"""Small reports, as the function answers them."""

from typing import Any

Record = dict[str, Any]

TIME = "2026-11-23T07:00:00Z"


def a_point(time: str, **members: Any) -> Record:
    return {
        "snapshot": f"web-{time}",
        "region": "us-east-1",
        "time": time,
        "status": "ready",
        "sizeGb": 20,
        "keep": True,
        "reason": "daily",
        "held": False,
        **members,
    }


def a_resource(name: str = "web", *points: Record, **members: Any) -> Record:
    return {
        "region": "us-east-1",
        "resourceType": "Instance",
        "resource": name,
        "protection": "protected",
        "stale": False,
        **members,
        "points": list(points),
    }


def an_item(name: str, **members: Any) -> Record:
    about = {"region": "us-east-1", "resourceType": "Instance", "resource": name}
    return {"what": f"{name} has a problem.", "do": "Solve it.", **about, **members}


def a_report(*resources: Record, attention: tuple[Record, ...] = (), **members: Any) -> Record:
    names = ("protected", "lost", "off", "untagged", "gone")
    count = {name: sum(each["protection"] == name for each in resources) for name in names}
    others = ("stale", "recoveryPoints", "copies", "storageGb", "held")
    return {
        "policy": "snapshotter",
        "action": "report",
        "scheduledTime": TIME,
        "summary": {**count, **dict.fromkeys(others, 0)},
        "attention": list(attention),
        "resources": list(resources),
        "letter": "",
        **members,
    }
