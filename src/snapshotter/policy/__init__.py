"""What the owner wants: which resources are protected, and which recovery points are kept.

`selection` reads the tags of a resource, `grammar` the text of a retention policy, and `retention`
applies a policy to the recovery points of one series, with a reason for each.
"""
