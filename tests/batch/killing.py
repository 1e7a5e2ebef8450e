"""Builds an exam in a child process and kills it at a random moment, again and again, until a build gets through.

Run as a program of its own, so that it may fork: EXAM.toml OUT SEED. Prints how often the build was killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from generator.batch import BuildPlan, build
from generator.exam import numbered_variants, parse_exam

VARIANTS = 12
LONGEST = 0.5
"""The latest moment, as a share of the time that a whole build takes here and now."""
MOST_KILLS = 40


def plan(exam: Path, out: Path) -> BuildPlan:
    parsed = parse_exam(exam.read_text(encoding="utf-8"), "exam.toml")
    return BuildPlan(parsed, numbered_variants(parsed, VARIANTS), out, ("pdf", "json"))


def killed(made: BuildPlan, seconds: float) -> bool:
    """Build in a child process and kill it after some time; whether it was still at work by then."""
    child = os.fork()
    if child == 0:
        build(made)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def check_whole(out: Path) -> None:
    """Every file that is there under its own name is whole."""
    for path in out.rglob("*"):
        if path.suffix == ".pdf":
            assert path.read_bytes().rstrip().endswith(b"%%EOF"), path
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))


def main(exam: Path, out: Path, seed: int) -> None:
    stream = random.Random(seed)
    made, kills = plan(exam, out), 0
    # A child starts with what its parent has read: fonts and formulas cost their time once.
    for name in ("cold", "warm"):
        begin = time.perf_counter()
        build(plan(exam, out.with_name(name)))
    whole = time.perf_counter() - begin
    while killed(made, stream.uniform(0, LONGEST * whole)):
        kills += 1
        check_whole(out)
        if kills == MOST_KILLS:
            build(made)
    print(kills)  # noqa: T201  # this is a program


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
