"""template.yaml as plain CloudFormation, translated by AWS's own SAM translator, offline.

`make check` lints it, the tests read it, and StackSets, which refuse SAM templates, deploy it.
"""

from translate.sam import TEMPLATE, translate

__all__ = ["TEMPLATE", "translate"]
