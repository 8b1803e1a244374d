"""Show what is protected, as one HTML page: `python -m status`, or `make status`.

    demo          the report of the emulated fleet on this machine
    live          the reports of deployed functions, by invoking them
    accounts      what the page is drawn from: one report for each account
    view          what the page shows of them
    timeline      where the recovery points stand
    page          the page itself
    screenshots   a picture of it, for the documentation

The page is drawn from the answers to `{"action": "report"}` and from nothing else, and loads
nothing. Without LIVE=1 nothing leaves this machine.
"""
