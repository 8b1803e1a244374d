"""The commands behind `make demo`, `make invoke` and `make rehearse`."""
