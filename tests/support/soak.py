"""The long form of the suite."""

import os

import pytest

long_form = pytest.mark.skipif(
    not os.environ.get("SOAK"), reason="takes its time: in the long form only, make soak"
)
