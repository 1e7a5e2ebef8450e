"""The error of a text that is not a document."""

from __future__ import annotations

from generator.errors import ExamwrightError


class DocumentError(ExamwrightError):
    """Markdown that the reader does not accept; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line, self.problem = line, problem

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"
