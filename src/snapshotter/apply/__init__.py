"""Carries out a plan: order, concurrency, and the outcome of each action.

Decides what it means when a name is taken, a source is busy or a response was lost. Every write is
safe to repeat, and every failure is one outcome that stops nothing else.
"""
