"""Invalid input, reported with every fault at once."""


class InvalidInput(ValueError):
    """The command line cannot be used. `faults` has one sentence for each fault."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))
