"""What is wrong in an exam file or a roster: always the file, the line, and what was expected there."""

from __future__ import annotations

from generator.errors import ExamwrightError


class ExamFileError(ExamwrightError):
    """A mistake in exam.toml; ``line`` counts from 1 (0: the whole file), ``key`` may be empty."""

    def __init__(self, file: str, line: int, key: str, problem: str) -> None:
        super().__init__(file, line, key, problem)
        self.file, self.line, self.key, self.problem = file, line, key, problem

    def __str__(self) -> str:
        return f"{_place(self.file, self.line)}: {f'{self.key}: ' if self.key else ''}{self.problem}"


class RosterError(ExamwrightError):
    """A mistake in a roster; ``line`` counts from 1 (0: the whole file)."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(file, line, problem)
        self.file, self.line, self.problem = file, line, problem

    def __str__(self) -> str:
        return f"{_place(self.file, self.line)}: {self.problem}"


def _place(file: str, line: int) -> str:
    return f"{file}, line {line}" if line else file
