"""The nouns: kinds, resources, snapshots and their series, outcomes, names, tags and times."""
