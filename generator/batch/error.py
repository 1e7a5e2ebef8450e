"""What keeps a build from being finished: the folder, a variant, or a worker process."""

from __future__ import annotations

from math import ceil

from generator.errors import ExamwrightError


class FolderError(ExamwrightError):
    """A folder or file that cannot be used or written."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class VariantError(ExamwrightError):
    """A variant that cannot be made; the others are not affected. ``question`` may be empty."""

    def __init__(self, label: str, question: str, problem: str) -> None:
        super().__init__(label, question, problem)
        self.label, self.question, self.problem = label, question, problem

    def __str__(self) -> str:
        if not self.question:
            return f"variant {self.label}: {self.problem}"
        advice = "to have it drawn anew, give this question another id"
        return f"variant {self.label}, {self.question}: {self.problem}; {advice}"


class DistinctError(ExamwrightError):
    """A question that has fewer different instances than there are variants; ``found`` counts those in use."""

    def __init__(self, question: str, exercise: str, level: str, found: int, draws: int) -> None:
        super().__init__(question, exercise, level, found, draws)
        self.question, self.exercise, self.level = question, exercise, level
        self.found, self.draws = found, draws

    def __str__(self) -> str:
        what = self.exercise if self.question == self.exercise else f"{self.question} ({self.exercise})"
        return (
            f"question {what} at level {self.level}: after {self.found} different instances, {self.draws} more draws "
            "gave no other one that is solved along the same path, and more variants were asked for; pin fewer values, "
            "choose a higher level, or put the exercise into a pool with others"
        )


class BranchError(ExamwrightError):
    """A question for which a variant finds no instance that is solved along the same path as the others'."""

    def __init__(self, question: str, exercise: str, level: str, pattern: str, draws: int) -> None:
        super().__init__(question, exercise, level, pattern, draws)
        self.question, self.exercise, self.level = question, exercise, level
        self.pattern, self.draws = pattern, draws

    def __str__(self) -> str:
        what = self.exercise if self.question == self.exercise else f"{self.question} ({self.exercise})"
        return (
            f"question {what} at level {self.level}: none of {self.draws} draws is solved along the path that most "
            f"draws take ({self.pattern}); pin what decides it with set = {{ … }}, or try another seed"
        )


class SpreadError(ExamwrightError):
    """A variant that asks for more or less work than the others, as far as the exam allows."""

    def __init__(self, label: str, effort: int, median: float, bound: float, pools: bool) -> None:
        super().__init__(label, effort, median, bound, pools)
        self.label, self.effort, self.median, self.bound, self.pools = label, effort, median, bound, pools

    def __str__(self) -> str:
        share = abs(self.effort - self.median) / self.median
        allowed = ceil(100 * share) / 100
        advice = f"allow more with effort_spread = {allowed:g} in the exam file"
        if self.pools:
            advice = f"put exercises of equal effort into each pool, or {advice}"
        return (
            f"variant {self.label} takes an effort of {self.effort}, {100 * share:.0f} % off the median "
            f"{self.median:g}, where effort_spread allows {100 * self.bound:g} %; {advice}"
        )


class WorkerError(ExamwrightError):
    """A worker process that ended without an answer, as happens when memory runs out."""

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs)
        self.jobs = jobs

    def __str__(self) -> str:
        return (
            f"one of {self.jobs} worker processes ended unexpectedly, perhaps for want of memory; "
            "run the same command again with --jobs 1"
        )
