"""Drills: a recovery point is proven by restoring it for a short time.

`plan` decides which recovery points are restored as `drill-…`, `found` finds what drills made,
`result` decides whether one passed, `connection_check` tests its port, and `settle` continues each
drill from where the run before left it. One run starts a drill and the sweeps after it finish it;
all that is known of it is in its tags.

Only what carries the tag `snapshotter:drill`, our policy and a name that begins with `drill-` is
ever changed or deleted. A disk that comes with a drill's instance is tagged while the instance
exists, since Lightsail takes no tags for it; the instance is deleted only after that.
"""
