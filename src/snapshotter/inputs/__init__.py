"""What was asked and configured: the event and the environment, read into frozen values.

Everything is checked before the first call to AWS, and every fault is named in one answer.
"""
