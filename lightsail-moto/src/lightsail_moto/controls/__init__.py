"""The controls: what a test can set, make fail and read in one account of the backend.

They import the models. No model imports them.
"""
