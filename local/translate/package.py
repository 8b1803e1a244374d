"""Write a package that CloudFormation can deploy without SAM: `make package`.

build/snapshotter.zip is the built function; build/snapshotter.cloudformation.json is plain
CloudFormation with CodeBucket and CodeKey as parameters.
"""

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from translate.code import KEY, with_code_as_parameters, zip_folder
from translate.sam import TEMPLATE, translate

_NEXT = """\
{archive}    {megabytes:.1f} MB, the function for Python 3.13 on arm64
{template}    plain CloudFormation, {kilobytes:.0f} kB

Upload the code to a bucket that is in the stack's region and that the stack's account may read,
then deploy the template. The same commands upgrade a stack: parameters that they do not name keep
their values. For an organisation, docs/many-accounts.md has the rest.

  aws s3api put-object --bucket BUCKET --key {key} --body {archive}
  aws cloudformation deploy --template-file {template} --s3-bucket BUCKET \\
    --stack-name snapshotter --capabilities CAPABILITY_IAM \\
    --parameter-overrides CodeBucket=BUCKET CodeKey={key}

In a stack set, parameters that an update does not name fall back to the template's defaults. So
this names all; leave out those that are new in this release, which the changelog lists:

  aws s3api put-object --bucket BUCKET --key {template_key} --body {template}
  {update_stack_set}"""


def update_stack_set(template: dict[str, Any], key: str, template_key: str) -> str:
    """Return the command that upgrades a stack set: new code, every parameter as it is."""
    kept = [name for name in template["Parameters"] if name != KEY]
    words = [f"--parameters ParameterKey={KEY},ParameterValue={key}"]
    words += [f"ParameterKey={name},UsePreviousValue=true" for name in kept]
    lines = [
        "aws cloudformation update-stack-set --stack-set-name snapshotter --region REGION",
        f"--template-url https://BUCKET.s3.REGION.amazonaws.com/{template_key}",
        "--capabilities CAPABILITY_IAM",
        "--operation-preferences FailureTolerancePercentage=5,MaxConcurrentPercentage=10",
        *textwrap.wrap(" ".join(words), 96, break_on_hyphens=False),
    ]
    return " \\\n    ".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Zip the built function and write the template beside it."""
    parser = argparse.ArgumentParser(prog="python -m translate.package", description=__doc__)
    parser.add_argument("--built", type=Path, required=True, help="folder of the built function")
    parser.add_argument("--output", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument("--template", type=Path, default=TEMPLATE)
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    archive = options.output / "snapshotter.zip"
    target = options.output / "snapshotter.cloudformation.json"
    digest = zip_folder(options.built, archive)
    key, template_key = f"snapshotter/{digest}.zip", f"snapshotter/{digest}.json"
    template = with_code_as_parameters(translate(options.template), key)
    text = json.dumps(template, indent=1) + "\n"
    target.write_text(text)
    print(
        _NEXT.format(
            archive=archive,
            template=target,
            key=key,
            template_key=template_key,
            update_stack_set=update_stack_set(template, key, template_key),
            megabytes=archive.stat().st_size / 1e6,
            kilobytes=len(text) / 1e3,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
