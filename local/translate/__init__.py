"""What SAM makes of template.yaml: the plain CloudFormation that is deployed in the end.

The translator is AWS's own, and works offline. `make check` lints its output, the tests look into
it, and StackSets, which refuse SAM templates, can be given it.
"""

from translate.sam import TEMPLATE, translate

__all__ = ["TEMPLATE", "translate"]
