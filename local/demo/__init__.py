"""The demo: `python -m demo`, or `make demo`.

The real handler, with the environment that template.yaml sets, runs against an emulated Lightsail
inside this process, in virtual time: three nights, two mistakes of the owner, the letter about
them, and a restore. What is printed is the function's own answers and the state of the account;
tests/integration is where they are compared.

The fleet is that of `invoke`, which runs single events against it.
"""
