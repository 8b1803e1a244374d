"""Checks of what Lightsail does, against the backend of this repository or a live account.

`scenario` makes the requests, and `transcript` keeps what was answered. `statements` are
functions of a transcript, each for one statement that the product relies on, so the same
functions read a run, or a recording of one. docs/conformance.md has how to run it.
"""
