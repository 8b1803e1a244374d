"""Restores: a recovery point made into a new instance, disk or database, beside its source.

`choose` finds the recovery point that an event means, `plan` decides what is made of it or why
nothing is, `offers` reads what a region has to offer, `apply` makes it, and `run` is the journey
of a run that restores. A source is never touched: what is made has a name of its own, and a tag
that says of which snapshot it is, by which the same restore asked for again is recognised.
"""
