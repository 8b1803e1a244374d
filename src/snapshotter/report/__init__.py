"""Reports a run or an account: the answer, measures, log records, metrics and letters."""
