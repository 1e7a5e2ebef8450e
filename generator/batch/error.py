"""What keeps a build from being finished: the folder, a variant, or a worker process."""

from __future__ import annotations

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
