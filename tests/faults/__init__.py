"""The service fails in every way it can, and people interfere at any moment."""
