"""Kills builds at random moments, goes on with them, and looks whether files are whole and the bytes the same.

    python -m tools.kills --kills 100 --seed 1
    python -m tools.kills --kills 40 --seed 1 --jobs 2

Each round starts with an empty folder and kills the build again and again until one gets through; there are rounds
until there were enough kills. A build of several processes is killed as a whole or, as often, by its first process
alone: then the others must end by themselves. Every second round adds variants to a finished build. Exit code 1 where
a file was half-written, something was still written after a kill, or a finished build has other bytes or leftovers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from generator.batch import BuildPlan, build
from generator.exam import numbered_variants, parse_exam

EXAM = """
title = "Test of kills"
seed = 7
[[section]]
[[section.question]]
exercise = "convolution/receptive-field"
points = 4.5
[[section.question]]
exercise = "convolution/conv2d"
level = "easy"
parts = ["a"]
"""
VARIANTS = 12
LATEST = {1: 0.5}
"""The latest moment of a kill, as a share of the time that a whole build takes here and now.

With several processes nothing is written in the first half of it: they are started then.
"""

GRACE, WATCHED = 2.0, 0.5
"""Seconds that the other processes have to end after the first was killed, and seconds for which nothing may change."""

MOST_PER_ROUND = 10


@dataclass(slots=True)
class Count:
    """What was seen: kills, rounds, looks at files, and what was wrong."""

    kills: int = 0
    rounds: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"kills: {self.kills:,}, builds finished after them: {self.rounds:,}, looks at files: {self.files:,}, "
            f"faults: {len(self.faults)}"
        )


def plan(out: Path, variants: int = VARIANTS, jobs: int = 1) -> BuildPlan:
    """The build that is killed."""
    exam = parse_exam(EXAM, "exam.toml")
    return BuildPlan(exam, numbered_variants(exam, variants), out, ("pdf", "json"), combined=True, jobs=jobs)


def _build(out: Path, jobs: int) -> None:
    """The build as a process group of its own."""
    if sys.platform != "win32":
        os.setpgid(0, 0)
    build(plan(out, jobs=jobs))


def _process(out: Path, jobs: int) -> BaseProcess:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn").Process(target=_build, args=(out, jobs))
    # A forked child has read its parent's fonts and formulas already; elsewhere each kill costs a new interpreter.
    return multiprocessing.get_context("fork").Process(target=_build, args=(out, jobs))


def killed(out: Path, seconds: float, jobs: int = 1, whole: bool = True) -> bool:
    """Build in a child process and kill it after some time, with its workers or alone; whether it was still at work."""
    child = _process(out, jobs)
    child.start()
    child.join(seconds)
    at_work = child.exitcode is None
    if at_work and whole and jobs > 1 and sys.platform != "win32" and child.pid:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            child.kill()
    child.kill()
    child.join()
    return at_work or child.exitcode != 0


def still_written(out: Path) -> bool:
    """Whether something is written in a folder when every process should have ended."""
    time.sleep(GRACE)
    before = contents(out)
    time.sleep(WATCHED)
    return contents(out) != before


def half_written(path: Path) -> bool:
    """Whether a file that is there under its own name is not whole."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        return not data.rstrip().endswith(b"%%EOF")
    if path.suffix == ".json":
        try:
            json.loads(data)
        except ValueError:
            return True
    return not data and path.name != "lock"


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def look(out: Path, count: Count) -> None:
    """Look whether every file that is there under its own name is whole."""
    for path in out.rglob("*"):
        if path.is_file() and path.suffix != ".part":
            count.files += 1
            if half_written(path):
                count.faults.append(f"half-written: {path}")


def torment(folder: Path, kills: int, seed: int, jobs: int = 1) -> Count:
    """Kill builds in a folder until there were enough kills."""
    stream, count = random.Random(seed), Count()
    # The first build reads fonts and formulas; the second tells how long one takes.
    for name in ("cold", "warm"):
        begin = time.perf_counter()
        build(plan(folder / name, jobs=jobs))
    longest = LATEST.get(jobs, 1.0) * (time.perf_counter() - begin)
    expected = contents(folder / "warm")
    while count.kills < kills:
        count.rounds += 1
        out = folder / f"round-{count.rounds}"
        if count.rounds % 2 == 0:
            build(plan(out, VARIANTS // 3))
        last = min(kills, count.kills + MOST_PER_ROUND)
        while count.kills < last:
            whole = jobs == 1 or stream.random() < 0.5
            if not killed(out, stream.uniform(0, longest), jobs, whole):
                break
            count.kills += 1
            if not whole and still_written(out):
                count.faults.append(f"written after the kill: {out}")
            look(out, count)
        build(plan(out))
        found = contents(out)
        names = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        count.faults += [f"other bytes or left over: {out / name}" for name in names]
        if (out / "unfinished").exists():
            count.faults.append(f"left over: {out / 'unfinished'}")
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes of each build that is killed")
    chosen = parser.parse_args(arguments)
    # The process that keeps count of the semaphores of killed ones would have something to say.
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning"
    with tempfile.TemporaryDirectory() as folder:
        count = torment(Path(folder), chosen.kills, chosen.seed, chosen.jobs)
    print(count)
    for fault in count.faults[:20]:
        print(fault)
    return 1 if count.faults else 0


if __name__ == "__main__":
    sys.exit(main())
