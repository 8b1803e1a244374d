"""The function is killed, throttled, given wrong answers and cut short, and must recover."""
