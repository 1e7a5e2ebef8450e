"""Mathematics as TeX writes it: from TeX source to boxes to real text on a page."""

from generator.typeset.formula.error import FormulaError
from generator.typeset.formula.formula import Formula, Piece, set_formula

__all__ = ["Formula", "FormulaError", "Piece", "set_formula"]
