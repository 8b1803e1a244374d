"""The time and memory that a run takes: `python -m bench`, or `make bench`.

    planning   plan a run over 1,000 resources with 40 snapshots each
    speed      200 instances with a round trip of 100 ms, with and without a request rate limit
    start      imports and time of a cold start, and memory of a large run

    fleet      the resources in the backend
    server     the backend in a process of its own, which counts its requests
    backend    starts that process and reads the counts
    child      the code that is measured, each in a new process
    table      figures and goals as text

Goals are ratios where possible: both figures are measured in the same minute on the same machine.
Nothing leaves this machine.
"""
