"""The operations, one room for each kind of thing; together they are the backend.

A method is named as boto3 names the operation, takes the members of its input in snake case,
and returns the output as a plain dict with the model's own keys. Each is called with the
account's lock held. A test compares every signature with botocore's service model.
"""
