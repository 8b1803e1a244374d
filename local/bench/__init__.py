"""What a run costs in time and memory: `python -m bench`, or `make bench`.

    planning   assess and plan 1,000 resources with 40 snapshots each
    speed      200 instances with a round trip of 100 ms, with and without a limit of requests
    start      what a cold start imports, how long it takes, and what a large run needs

    fleet      the worlds that are measured
    server     a Lightsail in another process, and its count of what it was asked
    backend    that process, seen from this one
    child      what is measured, each in a process of its own
    table      figures beside their goals

Every figure is compared with one that was measured in the same minute on the same machine, so
the goals are ratios wherever they can be. Nothing leaves this machine.
"""
