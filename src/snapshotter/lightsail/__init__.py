"""Everything that calls Lightsail; no other package imports boto3 or botocore.

One function for each call: it takes and returns values of `model` and decides nothing. What the
errors of the service mean is in `errors`; what to do about one is decided in `apply`.
"""
