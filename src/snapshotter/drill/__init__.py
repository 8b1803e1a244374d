"""Drills: a recovery point is tested by restoring it for a short time.

`plan` decides which recovery points are restored as `drill-…`, `found` finds the resources of
drills, `result` decides whether a drill passed, `connection_check` tests its port, and `settle`
continues a drill that an earlier run started. One run starts a drill, and the sweeps after it
finish it. The state of a drill is in the tags of its resource.

Only resources with the tag `snapshotter:drill`, our policy and a name that begins with `drill-` are
changed or deleted. Lightsail accepts no tags for the disks that it creates with an instance. They
are tagged in a call of their own, and only after that is the instance deleted.
"""
