"""The controls: what a test can set, break and see in one account of the backend."""

from lightsail_moto.controls.calls import Call, Phase
from lightsail_moto.controls.control import Control
from lightsail_moto.controls.faults import Fault

__all__ = ["Call", "Control", "Fault", "Phase"]
