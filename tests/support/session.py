"""The session of the tests."""

from functools import cache

import boto3

from invoke.keep_clients import keep_clients
from snapshotter.lightsail.clients import new_session


@cache
def session() -> boto3.Session:
    """The session of all tests of a process that run the function in it."""
    made = new_session()
    made._session.set_credentials("testing", "testing")
    return keep_clients(made)
