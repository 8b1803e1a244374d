"""Checks of what Lightsail does, against this backend or a live account.

`scenario` makes the requests, and `transcript` keeps what was answered. `statements` are
functions of a transcript, each for one statement that clients rely on. README.md beside this file
has how to run it.
"""
