"""The two forms of the proof: a short one for every change, and a long one for a quiet hour."""

from __future__ import annotations

import os
import random

SOAK = os.environ.get("SOAK", "") not in ("", "0")
"""Whether this is the long form."""

SEED = int(os.environ.get("FAILURE_SEED") or random.SystemRandom().randrange(10**9))
"""What this form draws its samples by; to be given again to replay them."""
