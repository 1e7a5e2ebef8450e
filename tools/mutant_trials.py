"""Runs tests against faults: each is written into a copy of the checkout, where the tests that belong to it run."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from tools.mutant_modules import Module
from tools.mutant_suite import GOLDEN, PER_TYPE, Suite, read_suite
from tools.mutation import Mutant, mutated

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "output", "dist", "build")
CLEAN_SECONDS = 1800

START = (
    "import sys; from tools.memory_limit import limit_memory; limit_memory(); "
    "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
)
OPTIONS = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not long", "--hypothesis-seed=0")

_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)


class UnfitSuiteError(Exception):
    """Tests that fail without any fault say nothing about faults."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output

    def __str__(self) -> str:
        return f"the tests fail without any fault:\n{self.output}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the tests made of a mutant: how they ended, the first that failed, and how long it took."""

    end: Literal["failed", "passed", "timeout"]
    test: str
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether the fault would have been noticed: tests that never end are noticed too."""
        return self.end != "passed"

    @property
    def golden(self) -> bool:
        """Whether a golden file told first: tests that know right answers had passed."""
        return self.test.startswith(GOLDEN)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the checkout ``origin``, to put faults into."""

    origin: Path
    root: Path

    def write(self, module: Module, tree: ast.Module) -> None:
        """Have a module's file hold other code, and no compiled code be left of it."""
        path = self.root / module.path.relative_to(self.origin)
        # A file of the same size, changed within the same second, would pass for the one that was compiled.
        Path(cache_from_source(str(path))).unlink(missing_ok=True)
        path.write_text(ast.unparse(tree) + "\n", encoding="utf-8")

    def pytest(self, arguments: Sequence[str], seconds: float, *, compiled: bool = False) -> tuple[int, str]:
        """Run pytest on this copy and nothing else: its exit status and what it says. Raises TimeoutExpired."""
        # What failed before would be tried first.
        shutil.rmtree(self.root / ".hypothesis" / "examples", ignore_errors=True)
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        environment |= {} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", START, *OPTIONS, *arguments],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
        return done.returncode, done.stdout

    def attempt(self, module: Module, mutant: Mutant, tests: Sequence[str], seconds: float) -> Trial:
        """Put one fault in, run the tests, take it out again."""
        started = time.monotonic()
        self.write(module, mutated(module.source, mutant))
        try:
            status, output = self.pytest(tests, seconds)
        except subprocess.TimeoutExpired:
            return Trial("timeout", "", round(time.monotonic() - started, 2))
        finally:
            self.write(module, ast.parse(module.source))
        failed = _FAILED.search(output)
        return Trial(
            "failed" if status else "passed", failed[1] if failed else "", round(time.monotonic() - started, 2)
        )


@contextlib.contextmanager
def checkouts(root: Path, modules: Sequence[Module], count: int) -> Iterator[tuple[list[Checkout], Suite]]:
    """Copies of a checkout, gone afterwards, in the first of which all tests that belong to the modules have passed.

    The modules stand in the copies as Python prints them, as the mutants do: a test that fails does so for the fault.
    Raises UnfitSuiteError.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        copies = [Checkout(root, Path(folder).resolve() / str(number)) for number in range(count)]
        first = copies[0]
        shutil.copytree(root, first.root, ignore=LEFT_OUT)
        for module in modules:
            first.write(module, ast.parse(module.source))
        files = sorted({name.partition("::")[0] for name in PER_TYPE})
        _, listed = first.pytest(["--collect-only", *files], CLEAN_SECONDS, compiled=True)
        suite = read_suite(first.root, [line for line in listed.splitlines() if line.startswith("tests/")])
        belonging = dict.fromkeys(test for module in modules for test in suite.belonging(module))
        status, output = first.pytest([*belonging], CLEAN_SECONDS, compiled=True)
        if status:
            raise UnfitSuiteError(output)
        for other in copies[1:]:
            shutil.copytree(first.root, other.root)
        yield copies, suite


def try_out(
    chosen: Sequence[tuple[Module, Mutant]], copies: Sequence[Checkout], suite: Suite, seconds: float
) -> Iterator[tuple[Mutant, Trial]]:
    """What the tests make of each mutant, as it comes; as many at a time as there are copies."""
    free: SimpleQueue[Checkout] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(module: Module, mutant: Mutant) -> tuple[Mutant, Trial]:
        copy = free.get()
        try:
            return mutant, copy.attempt(module, mutant, suite.belonging(module), seconds)
        finally:
            free.put(copy)

    pool = ThreadPoolExecutor(len(copies))
    try:
        for future in as_completed([pool.submit(one, module, mutant) for module, mutant in chosen]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
