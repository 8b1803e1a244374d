"""Everything that calls Lightsail; no other package imports boto3 or botocore.

One function for each call. It takes and returns values of `model` and makes no decisions. `refusals`
classifies the errors of the service; `apply` decides what to do about them.
"""
