"""Runs one function on many tasks, in this process or in several."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias, TypeVar

from generator.batch.error import WorkerError

T = TypeVar("T")
R = TypeVar("R")

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of steps done and of all steps."""


def silent(done: int, total: int) -> None:
    """Report no progress."""
    del done, total


def run(function: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """Yield the results as they come; the order is that of completion.

    The first error ends the run: tasks under way are finished, the others dropped.
    """
    if jobs == 1 or len(tasks) <= 1:
        yield from map(function, tasks)
        return
    # Every platform starts its workers alike, so that what works on one works on all.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_leave_interrupts_to_parent)
    try:
        for future in as_completed([pool.submit(function, task) for task in tasks]):
            yield future.result()
    except BrokenProcessPool as problem:
        raise WorkerError(jobs) from problem
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
