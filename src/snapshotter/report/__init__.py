"""Reports a run: the answer, the measures, the log records and the metrics."""
