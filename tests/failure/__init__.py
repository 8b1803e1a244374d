"""Proof by failure: the product is killed, deceived, throttled and cut short, and must mend."""
