"""How bad input is refused: with every fault named at once."""


class Refused(ValueError):
    """What was asked cannot be played. `faults` holds a sentence for each thing wrong."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))
