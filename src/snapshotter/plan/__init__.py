"""Inventory, settings and a request in; frozen actions out, each with its reason.

`situation` is what all rules look at. `creates` plans what is due, `copies` what other regions lack
and which copies have no tags, `deletions` decides on every snapshot, and `planning` applies them in
order and reports what needs no write. None of them reads or writes anything.
"""
