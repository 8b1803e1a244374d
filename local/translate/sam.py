"""Call aws-sam-translator as the CloudFormation service does."""

from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
CODE_URI = "s3://bucket/snapshotter.zip"


@cache
def translate(path: Path = TEMPLATE, *, code_uri: str = CODE_URI) -> dict[str, Any]:
    """Translate a SAM template into plain CloudFormation, its parameters not filled in.

    Once per process for each file, so the result must not be changed.

    code_uri: the S3 URI of the built function; CloudFormation cannot read local folders.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: SAM refuses the template.
    """
    template = yaml_parse(path.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code_uri
    # The region decides the partition of AWS's managed policies, of which the template uses none.
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="us-east-1"))
    translated: dict[str, Any] = translator.translate(template, parameter_values={})
    return translated
