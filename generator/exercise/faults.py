"""Whose fault an error is: what goes wrong inside an exercise type of one's own is told with its file and line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import ExamwrightError, PackError
from generator.exercise.registry import PACKAGE, ExerciseType
from generator.exercise.time_limit import time_limit


@contextmanager
def faults_of(kind: ExerciseType) -> Iterator[None]:
    """Turn any error from inside an exercise type of a pack into a PackError.

    In the package's own types it stays what it is: a traceback is our bug, and tells us most about it. What takes too
    long ends in a TimeLimitError.
    """
    try:
        with time_limit(kind.slug):
            yield
    except ExamwrightError:
        raise
    except (Exception, SystemExit) as problem:
        if PACKAGE in kind.module_path.parents:
            raise
        said = str(problem) or "no message"
        raise PackError(_place(kind.module_path, problem), f"{type(problem).__name__}: {said[:200]}") from problem


def _place(module: Path, problem: BaseException) -> str:
    """The module with the line that was at work; without a line where it only gave back something wrong."""
    # The module of a pack may be known by a relative path, its frames never are.
    full = module.resolve()
    lines = [
        frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if Path(frame.filename).resolve() == full
    ]
    return f"{module}, line {lines[-1]}" if lines else str(module)
