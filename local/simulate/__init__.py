"""Show what a retention policy keeps: the real retention rules, over a schedule, in virtual time.

    arguments → schedule → timeline → change → terminal, page or JSON

Only scheduled runs are simulated, and all of them succeed; holds and copies are left out. As in the
function, the policy is evaluated at every run, over the points that are still there. After a change
of the policy the earlier one still keeps points for the cooling-off.
"""
