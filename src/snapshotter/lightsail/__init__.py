"""Everything that calls Lightsail; no other package imports boto3 or botocore.

One function for each call. It takes and returns values of `model` and makes no decisions;
`refusals` says what an error means, and `apply` decides what to do about it.
"""
