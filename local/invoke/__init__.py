"""Run the function on this machine: `python -m invoke events/now.json`, or `make invoke`.

    events        read an event from a file
    context       Lambda's context object
    function      invoke the handler as Lambda does
    isolation     environment variables without access to an AWS account
    embedded      an emulated Lightsail inside this process, in virtual time
    fleet         the resources in it, and history: their earlier recovery points
    live          the account of AWS_PROFILE, after confirmation

Without LIVE=1 nothing leaves this machine.
"""
