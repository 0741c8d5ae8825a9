"""Realistic schools, made up: same arguments, same school, on every machine and Python version.

``generate`` is all there is to call. Weekly plans and bells follow the national rules, loads and sizes follow what schools
publish (docs/generator.md), teachers' names are drawn from lists of the most common ones.
"""

from instances.generator.school import SchoolKind, generate

__all__ = ["SchoolKind", "generate"]
