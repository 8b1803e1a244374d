"""Environment variables that give no access to an AWS account."""

import os

_REMOVED = ("AWS_", "POWERTOOLS_")


def isolated(access_key: str = "testing") -> dict[str, str]:
    """Return this process's environment with the profile, keys and endpoints of AWS replaced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_REMOVED)}
    return kept | {
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
