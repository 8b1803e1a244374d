"""A rehearsed deployment: the real `sam build`, `deploy`, `remote invoke` and `delete`.

AWS is emulated on this machine: Lightsail by `lightsail_moto` over HTTP, everything else by
ministack. docs/rehearsal.md describes the steps and what they cannot show.

    servers   the two servers, on free ports of 127.0.0.1
    sam       SAM's commands, with the servers as their endpoints
    account   reads the emulated account with boto3
    steps     what is done, in order, and what is checked after each step
"""
