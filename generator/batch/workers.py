"""Runs functions on many tasks, in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from generator.batch.error import WorkerError

T = TypeVar("T")
R = TypeVar("R")

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of steps done and of all steps."""


def silent(done: int, total: int) -> None:
    """Report no progress."""
    del done, total


class Steps:
    """Counts the steps of a job that consists of several runs, and reports them."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def count(self, results: Iterable[T]) -> Iterator[T]:
        """Pass results on, one step each; a step is reported when its result has been dealt with."""
        for result in results:
            yield result
            self._done += 1
            self._progress(self._done, self._total)


class Workers:
    """Some worker processes, started when there is first something for them to do, for several runs."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the results as they come; the order is that of completion.

        The first error ends the run: tasks under way are finished, the others dropped. Raises WorkerError.
        """
        if self.jobs == 1 or len(tasks) <= 1:
            yield from map(function, tasks)
            return
        pool = self._started()
        try:
            for future in as_completed([pool.submit(function, task) for task in tasks]):
                yield future.result()
        except BrokenProcessPool as problem:
            raise WorkerError(self.jobs) from problem

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Every platform starts its workers alike, so that what works on one works on all.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_belong_to_parent)
        return self._pool


def run(function: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """One run with workers of its own; see `Workers.run`."""
    with Workers(min(jobs, max(1, len(tasks)))) as workers:
        yield from workers.run(function, tasks)


def _belong_to_parent() -> None:
    """Leave interrupts to the parent, and end with it, however it ends: a worker waits for tasks for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
