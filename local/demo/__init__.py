"""The demo: `python -m demo`, or `make demo`.

The real handler, with the environment that template.yaml sets, runs against an emulated Lightsail
inside this process, in virtual time. Everything that is printed is compared with the state of the
emulated account or read from the function's own log; the demo fails if something does not match.

    steps      what is done, in order
    scenario   invoke the function, show a run
    printer    text, tables and checks

The fleet is that of `invoke`, which runs single events against it.
"""
