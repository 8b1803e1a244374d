"""The built function as one file, and the template that says where in S3 it lies.

CloudFormation alone, as StackSets use it, uploads nothing: bucket and key become parameters.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

BUCKET, KEY = "CodeBucket", "CodeKey"
FUNCTION = "SnapshotFunction"

# The oldest that a zip file can say. Same files, same bytes, same key: CloudFormation then sees
# that nothing has changed.
_NEVER = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def zip_folder(folder: Path, target: Path) -> str:
    """Write every file of a folder into a zip file; returns 12 digits that stand for its bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NEVER)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = _READABLE
                archive.writestr(entry, path.read_bytes())
    return hashlib.sha256(target.read_bytes()).hexdigest()[:12]


def with_code_as_parameters(template: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the translated template with the code's place in S3 left to whoever deploys it."""
    function = template["Resources"][FUNCTION]
    code = {"S3Bucket": {"Ref": BUCKET}, "S3Key": {"Ref": KEY}}
    properties = {**function["Properties"], "Code": code}
    resources = {**template["Resources"], FUNCTION: {**function, "Properties": properties}}
    return {
        **template,
        "Metadata": _with_group(template["Metadata"]),
        "Parameters": {**_parameters(key), **template["Parameters"]},
        "Resources": resources,
    }


def without(template: dict[str, Any], logical_id: str) -> dict[str, Any]:
    """Return the translated template without a resource, and without the outputs that tell it."""

    def left(part: str) -> dict[str, Any]:
        referred = f'"Ref": "{logical_id}"'
        return {
            name: each
            for name, each in template[part].items()
            if name != logical_id and referred not in json.dumps(each)
        }

    return {**template, "Resources": left("Resources"), "Outputs": left("Outputs")}


def _parameters(key: str) -> dict[str, Any]:
    return {
        BUCKET: {
            "Type": "String",
            "Description": "S3 bucket with the function's code, in the region of this stack.",
            "AllowedPattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            "ConstraintDescription": "must be the name of an S3 bucket",
        },
        KEY: {
            "Type": "String",
            "Description": "Where in CodeBucket the code lies.",
            "Default": key,
            "AllowedPattern": r"^[A-Za-z0-9!_.*'()/-]{1,1024}$",
            "ConstraintDescription": "must be the key of an S3 object",
        },
    }


def _with_group(metadata: dict[str, Any]) -> dict[str, Any]:
    interface = metadata["AWS::CloudFormation::Interface"]
    group = {"Label": {"default": "Code"}, "Parameters": [BUCKET, KEY]}
    groups = {"ParameterGroups": [group, *interface["ParameterGroups"]]}
    return {**metadata, "AWS::CloudFormation::Interface": groups}
