"""The long form of the suite: SOAK=1, as `make soak` sets it."""

import os
import random

import pytest

SOAK = os.environ.get("SOAK", "") not in ("", "0")

SEED = int(
    os.environ.get("FAILURE_SEED") or (random.SystemRandom().randrange(10**9) if SOAK else 1)
)
"""What random samples are drawn with: always the same ones in the short form. A failed test prints
it.
"""

long_form = pytest.mark.skipif(not SOAK, reason="long form only: make soak")
