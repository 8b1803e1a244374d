"""The deployment, rehearsed: real `sam build`, `sam deploy`, `sam remote invoke`, `sam delete`.

What stands in for AWS runs on this machine: ministack for everything but Lightsail, and
`lightsail_moto` over HTTP for Lightsail. docs/rehearsal.md says what that cannot show.

    processes   the two servers, on free ports of 127.0.0.1, and their end
    sam         SAM's commands, told to talk to them
    account     the same servers by boto3: what is in the account
    acts        what is done, in order, and what must hold after each
    told        lines for people, and the count of what did not hold
"""
