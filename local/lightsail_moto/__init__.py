"""Amazon Lightsail for moto: instances, disks, databases, and above all their snapshots.

    from lightsail_moto import control, register, serve

    register()                       once, before mock_aws starts
    with mock_aws():                 boto3.client("lightsail") is answered
        control().clock.advance(minutes=10)
    with serve() as url:             the same over HTTP, on a free port of 127.0.0.1
        boto3.client("lightsail", endpoint_url=url)

`python -m lightsail_moto --port 5000` serves another process. README.md has the rest.
"""

from moto.core.models import DEFAULT_ACCOUNT_ID

from lightsail_moto.catalogue import HOME_REGION
from lightsail_moto.controls import Call, Control, Fault
from lightsail_moto.models import LightsailBackend, lightsail_backends
from lightsail_moto.registration import RegistrationError, register
from lightsail_moto.server import reset, serve


def control(account_id: str = DEFAULT_ACCOUNT_ID) -> Control:
    """The controls of an account, as they are until moto's next reset."""
    return lightsail_backends[account_id][HOME_REGION].control


__all__ = [
    "Call",
    "Control",
    "Fault",
    "LightsailBackend",
    "RegistrationError",
    "control",
    "lightsail_backends",
    "register",
    "reset",
    "serve",
]
