"""Amazon Lightsail for moto: instances, disks, databases and their snapshots.

    from lightsail_moto import control, register, serve

    register()                       once, before mock_aws starts
    with mock_aws():                 boto3.client("lightsail") is answered
        control().clock.advance(minutes=10)
    with serve() as url:             the same over HTTP, on a free port of 127.0.0.1
        boto3.client("lightsail", endpoint_url=url)

`python -m lightsail_moto --port 5000` serves another process. README.md has the rest.
"""

from lightsail_moto.controls.account import Control, control
from lightsail_moto.controls.calls import Call
from lightsail_moto.controls.faults import Fault
from lightsail_moto.controls.world import World
from lightsail_moto.models import LightsailBackend, lightsail_backends
from lightsail_moto.models.resource import Resource
from lightsail_moto.models.snapshots import Snapshot
from lightsail_moto.registration import RegistrationError, register
from lightsail_moto.server import reset, serve

__all__ = [
    "Call",
    "Control",
    "Fault",
    "LightsailBackend",
    "RegistrationError",
    "Resource",
    "Snapshot",
    "World",
    "control",
    "lightsail_backends",
    "register",
    "reset",
    "serve",
]
