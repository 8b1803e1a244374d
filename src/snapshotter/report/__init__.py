"""The result of a run: its answer, its measures, its log records and its metrics."""
