"""The context that Lambda passes to the function beside the event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Context:
    """What the handler needs of it."""

    remaining_ms: int = 900_000
    function_name: str = "snapshotter"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:snapshotter"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms
