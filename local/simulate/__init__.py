"""How a retention policy plays out: the real retention, over the real schedule, in virtual time.

    arguments → schedule → timeline → terminal, page or JSON

What is played is the schedule alone: runs that fail, the sweeps that make up for them, holds and
copies are not. As in the function, every point is judged once it is ready, with those kept so far.
"""
