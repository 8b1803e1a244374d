"""Write a package that CloudFormation can deploy without SAM: `make package`.

build/snapshotter.zip is the built function; build/snapshotter.cloudformation.json is plain
CloudFormation with CodeBucket and CodeKey as parameters.
"""

import argparse
import json
import sys
from pathlib import Path

from translate.code import with_code_as_parameters, zip_folder
from translate.sam import TEMPLATE, translate

_NEXT = """\
{archive}    {megabytes:.1f} MB, the function for Python 3.13 on arm64
{template}    plain CloudFormation, {kilobytes:.0f} kB

Upload the code to a bucket that is in the stack's region and that the stack's account may read,
then deploy the template. For an organisation see docs/many-accounts.md.

  aws s3api put-object --bucket BUCKET --key {key} --body {archive}
  aws cloudformation deploy --template-file {template} --s3-bucket BUCKET \\
    --stack-name snapshotter --capabilities CAPABILITY_IAM \\
    --parameter-overrides CodeBucket=BUCKET"""


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
    key = f"snapshotter/{zip_folder(options.built, archive)}.zip"
    template = with_code_as_parameters(translate(options.template), key)
    text = json.dumps(template, indent=1) + "\n"
    target.write_text(text)
    print(
        _NEXT.format(
            archive=archive,
            template=target,
            key=key,
            megabytes=archive.stat().st_size / 1e6,
            kilobytes=len(text) / 1e3,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
