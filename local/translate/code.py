"""The built function as a zip file, and a template with its bucket and key as parameters.

Without SAM, as with StackSets, nothing uploads the code before the stack is deployed.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

BUCKET, KEY = "CodeBucket", "CodeKey"
FUNCTION = "SnapshotFunction"

# The earliest time of a zip file: the same files give the same bytes, hence the same key, and
# CloudFormation sees that nothing has changed.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def zip_folder(folder: Path, target: Path) -> str:
    """Write every file of a folder into a zip file; returns 12 hex digits of its SHA-256."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = _READABLE
                archive.writestr(entry, path.read_bytes())
    return hashlib.sha256(target.read_bytes()).hexdigest()[:12]


def with_code_as_parameters(template: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the translated template with bucket and key of the code as parameters."""
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
            "Description": "Key of the code in CodeBucket.",
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
