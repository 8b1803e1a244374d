"""The function's environment as CloudFormation would set it, from the real template."""

import re
from collections.abc import Mapping

from translate.stack import Stack, translated

ACCOUNT = "123456789012"
"""The account of the documentation, which is nobody's."""

STACK = "snapshotter"
"""The stack's name in samconfig.toml, hence the policy's unless one is given."""


def environment(parameters: Mapping[str, str], *, region: str) -> dict[str, str]:
    """Return the variables that Lambda would set for the function.

    parameters: as given to `sam deploy`, text each; those left out have their defaults.
    region: where the stack stands.
    """
    return Stack(parameters, region=region, account=ACCOUNT, name=STACK).environment()


def parameters_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Find the template's parameters among variables of the same names in upper snake case."""
    names = {name: upper_snake(name) for name in translated()["Parameters"]}
    return {name: environ[key] for name, key in names.items() if environ.get(key)}


def upper_snake(name: str) -> str:
    """`CopyToRegions` is `COPY_TO_REGIONS`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
