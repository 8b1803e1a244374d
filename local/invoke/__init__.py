"""Run the function on this machine: `python -m invoke events/now.json`, or `make invoke`.

    events        an event's file, read
    environment   the function's environment, from the real template
    function      the handler, invoked as Lambda does
    embedded      a Lightsail inside this process, sealed off from your account, in virtual time
    live          the account of AWS_PROFILE, behind guard rails

Without LIVE=1 nothing leaves this machine.
"""
