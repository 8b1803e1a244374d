"""Carries out what was planned: in which order, how much at once, and with what result.

The meaning of a name that is taken, of a busy source and of a lost answer is decided here. Each
write is safe to repeat, and each failure is one outcome that stops nothing else.
"""
