"""Show what a retention policy keeps: the real retention rules, night after night, in virtual time.

    timeline    every night takes a point, then the policy is evaluated
    change      what goes because the policy changes, and when
    document    the timeline as data, for the page
    __main__    arguments; the text for the terminal

Every run succeeds; holds and copies are left out. After a change of the policy the earlier one
still keeps points for the cooling-off.
"""
