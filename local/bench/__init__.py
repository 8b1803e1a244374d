"""The time and memory that a run takes: `python -m bench`, or `make bench`.

    __main__   what is measured, and the goals
    child      the code that is measured, each in a new process
    backend    the backend in a process of its own, which counts its requests

Goals are ratios where possible: both figures are measured in the same minute on the same machine.
Nothing leaves this machine.
"""
