"""Retention: which recovery points of one series to keep, and why.

`grammar` reads the words that an owner writes; `judge` applies them. Neither knows Lightsail:
anything with a time, a name and a hold can be judged.
"""

from snapshotter.retention.grammar import GRAMMAR, Retention, RetentionError, parse_retention
from snapshotter.retention.judge import Verdict, judge

__all__ = ["GRAMMAR", "Retention", "RetentionError", "Verdict", "judge", "parse_retention"]
