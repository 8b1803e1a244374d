"""Snapshotter keeps the recovery points of Amazon Lightsail resources.

One run is one journey of data, and each step of it is a module:

    event      what was asked, and for which scheduled time         (pure)
    settings   what the stack was deployed with                     (pure)
    inventory  what is there: resources and snapshots, as read      (reads)
    plan       what is due, copied, repaired, pruned, and why       (pure)
    apply      the one place that writes to Lightsail               (writes)
    report     what became of it: answer, log records, metrics      (pure, then emitted)

Two more journeys begin at the same door, for a stack that has EnableRestore: `restore` makes a
new resource of a recovery point, and `drill` proves recovery points by doing so for a while.

`handler` is where Lambda enters and `run` is the journey itself. Nothing is remembered
between two runs: all state lives in Lightsail, in the names and tags of the snapshots.
"""
