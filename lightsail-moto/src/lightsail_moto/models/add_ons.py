"""Add-ons, and the automatic snapshots that the AutoSnapshot add-on makes."""

from __future__ import annotations

import re

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.resource import Record

AUTO_SNAPSHOT = "AutoSnapshot"
_TIME = re.compile(r"(0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]")

# Default times in UTC, from "Configuring automatic snapshots" in the user guide.
_DEFAULT_TIMES = {
    "us-east-2": "03:00",
    "eu-central-1": "20:00",
    "ap-southeast-2": "12:00",
    "ap-northeast-1": "13:00",
    "ap-northeast-2": "13:00",
    "ap-southeast-1": "14:00",
    "ap-south-1": "17:00",
}
_DEFAULT_TIME = "06:00"


class AddOnBackend(RegionBackend):
    """EnableAddOn, DisableAddOn, GetAutoSnapshots, DeleteAutoSnapshot.

    What the live EnableAddOn and DisableAddOn answer is not published: one operation that
    has succeeded here. The rule that the time is 30 minutes ahead at least is left out.
    """

    def enable_add_on(self, resource_name: str, add_on_request: Record) -> Record:
        resource = self._with_add_ons(resource_name)
        self._enable(resource, add_on_request)
        kind = add_on_request["addOnType"]
        return self.operations([self.done(resource, "EnableAddOn", f"EnableAddOn - {kind}")])

    def disable_add_on(self, add_on_type: str, resource_name: str) -> Record:
        """Automatic snapshots that are there stay."""
        resource = self._with_add_ons(resource_name)
        resource.add_ons = [each for each in resource.add_ons if each["name"] != add_on_type]
        if add_on_type == AUTO_SNAPSHOT:
            resource.auto.disable()
        details = f"DisableAddOn - {add_on_type}"
        return self.operations([self.done(resource, "DisableAddOn", details)])

    def get_auto_snapshots(self, resource_name: str) -> Record:
        resource = self._with_add_ons(resource_name)
        return {
            "resourceName": resource.name,
            "resourceType": resource.type,
            "autoSnapshots": resource.auto.describe(self.now),
        }

    def delete_auto_snapshot(self, resource_name: str, date: str) -> Record:
        """Its operation names the Region as the zone and has no statusChangedAt."""
        resource = self._with_add_ons(resource_name)
        resource.auto.delete(date)
        done = self.done(resource, "DeleteAutoSnapshot", f"DeleteAutoSnapshot-{date}")
        done["location"]["availabilityZone"] = self.region_name
        del done["statusChangedAt"]
        return self.operations([done])

    def enable_all(self, resource: AddOnResource, requests: list[Record] | None) -> None:
        for request in requests or []:
            self._enable(resource, request)

    def _enable(self, resource: AddOnResource, request: Record) -> None:
        """Enable an add-on, or change one that is enabled."""
        kind = request["addOnType"]
        add_on: Record = {"name": kind, "status": "Enabled"}
        if kind == AUTO_SNAPSHOT:
            add_on |= self._schedule(resource, request.get("autoSnapshotAddOnRequest", {}))
        elif kind == "StopInstanceOnIdle" and resource.type == "Instance":
            add_on |= request.get("stopInstanceOnIdleRequest", {})
        else:
            raise InvalidInput(f"The add-on is not valid for a {resource.type}: {kind}")
        resource.add_ons = [*(each for each in resource.add_ons if each["name"] != kind), add_on]

    def _schedule(self, resource: AddOnResource, request: Record) -> Record:
        if not resource.can_auto_snapshot:
            raise InvalidInput("Automatic snapshots are not supported for Windows instances.")
        time_of_day = request.get("snapshotTimeOfDay") or _DEFAULT_TIMES.get(
            self.region_name, _DEFAULT_TIME
        )
        if not _TIME.fullmatch(time_of_day):
            raise InvalidInput(f"The time of day is not valid: {time_of_day}")
        resource.auto.enable(time_of_day, self.now)
        return {"snapshotTimeOfDay": time_of_day, "nextSnapshotTimeOfDay": time_of_day}

    def refuse_with_add_ons(self, resource: AddOnResource, force: bool) -> None:
        """Refuse to delete a resource that has add-ons, unless it is forced."""
        if resource.add_ons and not force:
            raise InvalidInput(
                f"You cannot delete the {resource.type} {resource.name} with addons. "
                "Specify the forceDeleteAddons parameter."
            )

    def _with_add_ons(self, name: str) -> AddOnResource:
        resource = self.store.names.get(name)
        if isinstance(resource, AddOnResource):
            return self.settled(resource)
        if resource and resource.type == "RelationalDatabase":
            raise InvalidInput("Automatic snapshots are not supported for databases.")
        raise NotFound("Instance", name)
