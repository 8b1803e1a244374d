"""Snapshotter keeps the recovery points of Amazon Lightsail resources.

One run is a flow of data through these packages:

    inputs      the event and the environment, checked             (pure)
    lightsail   all calls to the service: reads and writes         (reads, writes)
    plan        what is due, copied, repaired and pruned, and why  (pure)
    apply       carries out the plan                               (writes)
    report      the answer, log records and metrics                (pure, then emitted)

Below them are `model`, the nouns, and `policy`, what the owner wants; above them `restore` and
`drill`, for a stack with EnableRestore. `handler` is where Lambda enters, `run` is the flow.

Nothing is remembered between two runs: all state is in Lightsail, in the names and tags of the
snapshots. A package imports only from those below it; tests/unit/test_layout.py has the table.
"""
