"""Kills builds at random moments, goes on with them, and looks whether files are whole and the bytes the same.

    python -m tools.kills --kills 100 --seed 1

Each round starts with an empty folder and kills the build again and again until one gets through; there are rounds
until there were enough kills. Exit code 1 where a file was half-written or a finished build has other bytes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
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
LATEST = 0.5
"""The latest moment of a kill, as a share of the time that a whole build takes here and now."""

MOST_PER_ROUND = 40


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


def plan(out: Path) -> BuildPlan:
    """The build that is killed."""
    exam = parse_exam(EXAM, "exam.toml")
    return BuildPlan(exam, numbered_variants(exam, VARIANTS), out, ("pdf", "json"))


def _process(out: Path) -> BaseProcess:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn").Process(target=build, args=(plan(out),))
    # A forked child has read its parent's fonts and formulas already; elsewhere each kill costs a new interpreter.
    return multiprocessing.get_context("fork").Process(target=build, args=(plan(out),))


def killed(out: Path, seconds: float) -> bool:
    """Build in a child process and kill it after some time; whether it was still at work by then."""
    child = _process(out)
    child.start()
    child.join(seconds)
    at_work = child.exitcode is None
    child.kill()
    child.join()
    return at_work or child.exitcode != 0


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


def torment(folder: Path, kills: int, seed: int) -> Count:
    """Kill builds in a folder until there were enough kills."""
    stream, count = random.Random(seed), Count()
    # The first build reads fonts and formulas; the second tells how long one takes.
    for name in ("cold", "warm"):
        begin = time.perf_counter()
        build(plan(folder / name))
    longest = LATEST * (time.perf_counter() - begin)
    expected = contents(folder / "warm")
    while count.kills < kills:
        count.rounds += 1
        out = folder / f"round-{count.rounds}"
        last = min(kills, count.kills + MOST_PER_ROUND)
        while count.kills < last and killed(out, stream.uniform(0, longest)):
            count.kills += 1
            for path in out.rglob("*"):
                if path.is_file() and path.suffix != ".part":
                    count.files += 1
                    if half_written(path):
                        count.faults.append(f"half-written: {path}")
        build(plan(out))
        found = contents(out)
        names = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        count.faults += [f"other bytes: {out / name}" for name in names]
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        count = torment(Path(folder), chosen.kills, chosen.seed)
    print(count)
    for fault in count.faults[:20]:
        print(fault)
    return 1 if count.faults else 0


if __name__ == "__main__":
    sys.exit(main())
