"""Drills: a recovery point is proven by restoring it for a while.

`plan` says which recovery points are restored as `drill-…`, `found` recognises what drills have
made, `judge` says whether one has passed, `writes` and `probe` are what is done and tried, and
`settle` carries a drill on from wherever the run before it left it. A drill is started by one
run and ended by the sweeps after it; all that is known of it is what its tags say.

Only what carries the tag `snapshotter:drill`, our policy and a name that begins with `drill-`
is ever opened or deleted. A disk that comes with a drill's instance is tagged while the
instance is there, since Lightsail takes no tags for it; the instance goes only after that.
"""
