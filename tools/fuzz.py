"""Throws hostile inputs at the program: each must end in success or in one clear line, soon, and touch nothing else.

    python -m tools.fuzz --inputs 20000 --seed 1

Prints a table: per target how many inputs were accepted and refused, and how many ended in a traceback or an unclear
message, took too long, or reached for a file outside the output folder. Exit code 1 where there is anything of that.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tools.hostile import TARGETS, Case
from tools.trial import FAULTS, Outcome, Trials

COLUMNS = ("accepted", "refused", *FAULTS)
SECONDS = 20.0


@dataclass(slots=True)
class Tally:
    """What became of the inputs for one target; ``faults`` keeps one case for each different message."""

    target: str
    inputs: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: dict[str, tuple[Case, Outcome]] = field(default_factory=dict)

    def add(self, case: Case, outcome: Outcome) -> None:
        """Count one input."""
        self.inputs += 1
        self.counts[outcome.kind] += 1
        self.slowest = max(self.slowest, outcome.seconds)
        if outcome.kind in FAULTS:
            print(f"{outcome.kind}: {case.arguments!r:.500}", file=sys.stderr, flush=True)
            self.faults.setdefault(f"{outcome.kind}: {outcome.place}", (case, outcome))

    @property
    def row(self) -> tuple[str, ...]:
        """The row of the table."""
        counts = (f"{self.counts[name]:,}" for name in COLUMNS)
        return self.target, f"{self.inputs:,}", *counts, f"{self.slowest:.1f} s"


def attack(target: str, inputs: int, number: int, trials: Trials, watch: Callable[[Tally], None]) -> Tally:
    """Try so many inputs of one target; the same seed gives the same inputs."""
    tally = Tally(target)

    @seed(number)
    @settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=TARGETS[target]())
    def attempt(case: Case) -> None:
        tally.add(case, trials.run(case))
        watch(tally)

    attempt()
    return tally


def table(tallies: Sequence[Tally]) -> str:
    """The tallies as a Markdown table, with their sum."""
    total = Tally("**all**", sum(tally.inputs for tally in tallies))
    for tally in tallies:
        total.counts += tally.counts
        total.slowest = max(total.slowest, tally.slowest)
    rows = [("target", "inputs", *COLUMNS, "slowest"), ("---", *["---:"] * (len(COLUMNS) + 2))]
    rows += [tally.row for tally in (*tallies, total)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def save(tally: Tally, folder: Path) -> None:
    """Keep the inputs at fault, each in a folder of its own with its command and what came of it."""
    for number, (name, (case, outcome)) in enumerate(tally.faults.items(), start=1):
        place = folder / f"{tally.target.replace(' ', '-')}-{number}"
        for file, data in case.files.items():
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(data)
        place.mkdir(parents=True, exist_ok=True)
        text = f"{name}\n{case.arguments!r}\n{outcome.seconds:.1f} s\n\n{outcome.message}\n"
        (place / "fault.txt").write_text(text, encoding="utf-8", errors="backslashreplace")


def _watch(begin: float) -> Callable[[Tally], None]:
    def told(tally: Tally) -> None:
        if tally.inputs % 500 == 0:
            print(f"{time.perf_counter() - begin:6.0f} s  {' '.join(tally.row)}", file=sys.stderr, flush=True)

    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--inputs", type=int, default=20_000, help="for all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="this one only; may be repeated")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="an input that takes longer is at fault")
    parser.add_argument("--save", type=Path, help="a folder for the inputs at fault")
    chosen = parser.parse_args(arguments)
    targets = chosen.target or list(TARGETS)
    share, watch = chosen.inputs // len(targets), _watch(time.perf_counter())
    with Trials(chosen.seconds) as trials:
        tallies = [attack(target, share, chosen.seed, trials, watch) for target in targets]
    print(table(tallies))
    for tally in tallies:
        for name, (case, outcome) in tally.faults.items():
            print(f"\n{tally.target}: {name}\n  {case.arguments!r:.300}\n  {outcome.message[-600:]!r}")
        if chosen.save:
            save(tally, chosen.save)
    return 1 if any(tally.faults for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
