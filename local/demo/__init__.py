"""The demo: `python -m demo`, or `make demo`. A night, its sweeps, a fortnight, a restore.

The real handler with the real template's environment runs against a Lightsail inside this
process, in virtual time. What is printed is read back from that world and from the function's own
log, and compared with what the story promises: the demo fails where it does not hold.

    fleet, history    what there is before the first run
    story             the function, invoked and listened to
    tonight, sweeps, fortnight, recovery, ending    the chapters
    words, paper      outcomes in sentences, sentences on a terminal
    facts             what must be true
"""
