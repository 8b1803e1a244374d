"""The context object that Lambda passes to a handler."""

import time
from dataclasses import dataclass, field

TIMEOUT_S = 900.0
"""The function's timeout in template.yaml."""


@dataclass
class Context:
    """The part of Lambda's context that the function reads. The timeout starts now."""

    function_name: str = "snapshotter"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:snapshotter"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"
    started_s: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.started_s + TIMEOUT_S - time.monotonic()) * 1000)
