"""Worked lines of a solution, and the pieces of hand calculation that they are made of."""

from generator.working.line import Line, effort, line, lines_in
from generator.working.precision import reworked
from generator.working.term import (
    Apply,
    Function,
    Negative,
    Num,
    Operations,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    apply,
    num,
    product,
    total,
)

__all__ = [
    "Apply",
    "Function",
    "Line",
    "Negative",
    "Num",
    "Operations",
    "Power",
    "Product",
    "Quotient",
    "Sum",
    "Term",
    "apply",
    "effort",
    "line",
    "lines_in",
    "num",
    "product",
    "reworked",
    "total",
]
