"""What is wrong with a formula, and where."""

from __future__ import annotations

from generator.errors import ExamwrightError

_REACH = 36  # characters shown on either side of the fault


class FormulaError(ExamwrightError):
    """A formula that cannot be set: an unknown command, an unbalanced brace, a line that is too wide."""

    def __init__(self, tex: str, position: int, problem: str) -> None:
        super().__init__(tex, position, problem)
        self.tex, self.position, self.problem = tex, position, problem

    def __str__(self) -> str:
        return f"formula: {self.problem} at character {self.position + 1}\n{self.excerpt()}"

    def excerpt(self) -> str:
        """The neighbourhood of the fault, with a caret below it."""
        start, end = max(0, self.position - _REACH), self.position + _REACH
        lead = "… " if start else ""
        tail = " …" if end < len(self.tex) else ""
        shown = "".join(" " if mark.isspace() else mark for mark in self.tex[start:end])
        return f"  {lead}{shown}{tail}\n  {' ' * (len(lead) + self.position - start)}^"
