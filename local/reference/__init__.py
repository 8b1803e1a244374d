"""docs/reference.md, generated from the code and the template: `python -m reference`.

Nothing is written twice: descriptions are the template's, those of the pydantic fields, docstrings,
and the comment beside or above a constant.
"""
