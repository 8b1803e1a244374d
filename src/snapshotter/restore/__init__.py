"""Restores: create a new instance, disk or database from a recovery point, next to its source.

`choose` finds the recovery point that an event asks for, `checks` compares the request with what
the region offers, `plan` decides what to create, and `run` is the flow of a run that restores. A
source is never changed: the new resource has a name of its own, and a tag with the name of its
snapshot, by which a repeated restore recognises it.
"""
