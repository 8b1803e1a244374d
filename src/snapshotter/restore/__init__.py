"""Restores, and drills, which are restores that are tested and removed again.

One machine serves a restore, that of a whole region, and a drill: `restoring` has the two runs.
`choosing` finds recovery points by their source's ARN, `offers` and `source` read what is known,
`making` plans and creates, and `steps` does what is left after that, which is written in the tag
`snapshotter:to-do` of what was made (`made`). `following` repeats them while the run may take, and
each sweep continues what is left. `proof` has the two steps that only drills have.
"""
