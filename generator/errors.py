"""Every error that a user can cause: each carries its fields and says what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ExamwrightError(Exception):
    """Root of all errors that end a command with one clear line.

    Subclasses pass all their fields to ``super().__init__`` so that they survive pickling
    from a worker process, and build their sentence in ``__str__``.
    """


def nearest(name: str, valid: Iterable[str]) -> str:
    """``did you mean …`` for a misspelt name, or the list of what is valid."""
    options = sorted(valid)
    # A slug is often given without its topic.
    close = [option for option in options if option.rsplit("/", 1)[-1] == name]
    close = close or difflib.get_close_matches(name, options, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"choose one of: {', '.join(options)}"


class UnknownNameError(ExamwrightError):
    """A name (slug, parameter, level, key, part …) that does not exist."""

    def __init__(self, where: str, kind: str, name: str, valid: tuple[str, ...]) -> None:
        super().__init__(where, kind, name, valid)
        self.where, self.kind, self.name, self.valid = where, kind, name, valid

    def __str__(self) -> str:
        lead = f"{self.where}: " if self.where else ""
        advice = nearest(self.name, self.valid)
        if self.kind == "exercise" and not advice.startswith("did you mean"):
            advice = f"exercise types of your own need --pack FOLDER; {advice}"
        return f"{lead}there is no {self.kind} {self.name!r}; {advice}"


class PinError(ExamwrightError):
    """A pinned parameter of the wrong type, shape or range."""

    def __init__(self, exercise: str, parameter: str, problem: str) -> None:
        super().__init__(exercise, parameter, problem)
        self.exercise, self.parameter, self.problem = exercise, parameter, problem

    def __str__(self) -> str:
        return f"{self.exercise}: pinned parameter {self.parameter!r}: {self.problem}"


class ConditionError(ExamwrightError):
    """Pinned values that make the exercise impossible."""

    def __init__(self, exercise: str, condition: str, pinned: tuple[str, ...]) -> None:
        super().__init__(exercise, condition, pinned)
        self.exercise, self.condition, self.pinned = exercise, condition, pinned

    def __str__(self) -> str:
        names = ", ".join(self.pinned)
        return (
            f"{self.exercise}: with {names} pinned this condition is not met: {self.condition}; change or unpin a value"
        )


class DrawError(ExamwrightError):
    """No instance met a named condition within the allowed number of tries."""

    def __init__(self, exercise: str, key: str, condition: str, tries: int) -> None:
        super().__init__(exercise, key, condition, tries)
        self.exercise, self.key, self.condition, self.tries = exercise, key, condition, tries

    def __str__(self) -> str:
        return (
            f"{self.exercise}: no draw out of {self.tries} in stream {self.key!r} met the condition "
            f"{self.condition!r}; try another seed or level"
        )


class DisagreementError(ExamwrightError):
    """The two routes to an answer differ: nothing may be printed."""

    def __init__(self, exercise: str, key: str, part: str, route: str, exact: str, found: str) -> None:
        super().__init__(exercise, key, part, route, exact, found)
        self.exercise, self.key, self.part, self.route = exercise, key, part, route
        self.exact, self.found = exact, found

    def __str__(self) -> str:
        return (
            f"{self.exercise} {self.key!r} part {self.part}: the exact route gives {self.exact} but "
            f"{self.route} gives {self.found}; nothing was printed; please report this exercise"
        )


class ReplayError(ExamwrightError):
    """A printed equality between numbers that does not hold: nothing may be printed."""

    def __init__(self, exercise: str, key: str, part: str, line: str) -> None:
        super().__init__(exercise, key, part, line)
        self.exercise, self.key, self.part, self.line = exercise, key, part, line

    def __str__(self) -> str:
        return (
            f"{self.exercise} {self.key!r}, {self.part}: the working says {self.line}, which does not hold; "
            "nothing was printed; please report this exercise"
        )


class AnswerError(ExamwrightError):
    """An answer that is not what its part says, or not exact: a fault of the exercise type."""

    def __init__(self, exercise: str, part: str, problem: str) -> None:
        super().__init__(exercise, part, problem)
        self.exercise, self.part, self.problem = exercise, part, problem

    def __str__(self) -> str:
        return f"{self.exercise} part {self.part}: {self.problem}"


class TemplateError(ExamwrightError):
    """A template that cannot be rendered, or that breaks the rules for templates."""

    def __init__(self, exercise: str, line: int | None, problem: str) -> None:
        super().__init__(exercise, line, problem)
        self.exercise, self.line, self.problem = exercise, line, problem

    def __str__(self) -> str:
        place = f" line {self.line}" if self.line else ""
        return f"template of {self.exercise}{place}: {self.problem}"


class TimeLimitError(ExamwrightError):
    """An exercise type that does not come to an end."""

    def __init__(self, where: str, seconds: float) -> None:
        super().__init__(where, seconds)
        self.where, self.seconds = where, seconds

    def __str__(self) -> str:
        advice = "a loop may never end, or pinned values be too large"
        return f"{self.where}: not finished after {self.seconds:g} seconds; {advice}"


class PackError(ExamwrightError):
    """A folder of exercise types that cannot be loaded."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"
