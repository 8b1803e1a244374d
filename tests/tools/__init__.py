"""The parsers of SAM and of the AWS CLI, which pin their own boto3: each is run by its own Python.

runner      runs a script of this folder in a tool's environment
sam_deploy  reads the parameters of `sam deploy` as SAM does; run by SAM's Python
aws_calls   makes the calls of commands as the AWS CLI does, and sends none; by the AWS CLI's
"""
