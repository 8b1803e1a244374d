"""The session of the tests."""

from functools import cache

import boto3

from invoke.keep_clients import keep_clients


@cache
def session() -> boto3.Session:
    """The session of all tests of a process that run the function in it."""
    return keep_clients(boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing"))
