"""The doors that a newcomer opens first: `make demo` and `make invoke`."""
