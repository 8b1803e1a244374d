"""Restores, and drills, which are restores that are tested and removed again.

One machine serves a restore, that of a whole region, and a drill: `choosing` and `whole_region`
find recovery points by their source's ARN, `offers` checks them against the region, `making` plans
and creates, and `steps` does what is left after that, which is written in the tag
`snapshotter:to-do` of what was made. `proof` has the two steps that only drills have. `restoring`
and `drills` are the runs; each sweep continues what they left.
"""
