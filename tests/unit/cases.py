"""A table of cases: one test for each row, named by what is special in it."""

from collections.abc import Mapping
from typing import Any

import pytest


def cases(names: str, table: Mapping[str, Any]) -> pytest.MarkDecorator:
    """Parametrize by the rows of a table; names: of their columns, separated by blanks."""
    return pytest.mark.parametrize(names.split(), table.values(), ids=table)
