"""Puts small faults into the solvers and exercise types, one at a time, and reports what would notice them.

A mutant is one change of one expression (`tools.mutation`). In a process of its own it makes some instances again from
their recorded parameters, and what they say is compared with what they said without the fault: would a build notice?
With ``--tests``, the tests that belong to it are run against it too.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from generator.exercise import Registry, load_registry
from tools.mutant_cases import make_cases
from tools.mutant_modules import ROOT, Module, choose, find_modules
from tools.mutant_report import caught_tables, listing, missed, rows, summary, verdict_table
from tools.mutant_runs import Judged, judge
from tools.mutant_trials import Trial, checkouts, try_out
from tools.mutation import Mutant

Chosen = Sequence[tuple[Module, Mutant]]
T = TypeVar("T")


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=400, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: %(default)s)")
    parser.add_argument("--module", action="append", default=[], help="only modules with this in their name")
    parser.add_argument("--instances", type=int, default=3, help="of each type and level (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="that one mutant may take (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--pack", type=Path, action="append", default=[], help="a folder of further exercise types")
    parser.add_argument("--json", type=Path, help="write a row per mutant into this file")
    parser.add_argument("--list", default="survivor", help="verdicts to list, with commas (default: %(default)s)")
    parser.add_argument(
        "--tests",
        nargs="?",
        const="changed",
        choices=("changed", "all"),
        help="run the tests too: for mutants that changed something (the default), or for all",
    )
    parser.add_argument("--tested", type=int, help="run the tests for a sample of so many (default: all)")
    parser.add_argument(
        "--test-seconds", type=float, default=90, help="that one mutant's tests may take (default: %(default)s)"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; the exit status is 1 where a wrong answer was not noticed at build time."""
    options = _options(arguments)
    registry = load_registry(options.pack)
    modules = [
        module
        for module in find_modules(registry)
        if not options.module or any(name in module.name for name in options.module)
    ]
    chosen = choose(modules, options.mutants, options.seed)
    judged = _judged(chosen, registry, options)
    trials = _tried(chosen, judged, options) if options.tests else {}
    print(f"{verdict_table(judged)}\n\n{summary(judged, trials)}\n\n{listing(judged, options.list.split(','), trials)}")
    if options.tests:
        print(f"\n{caught_tables(judged, trials)}\n\nMissed by the tests:\n{missed(judged, trials)}")
    if options.json:
        text = json.dumps(rows(judged, trials), indent=1, ensure_ascii=False)
        options.json.write_text(text, encoding="utf-8", newline="\n")
    return int(any(one.finding.verdict == "survivor" for one in judged))


def _judged(chosen: Chosen, registry: Registry, options: Namespace) -> list[Judged]:
    slugs = sorted({slug for module, _ in chosen for slug in module.slugs})
    cases = make_cases(registry, slugs, options.instances)
    found = judge(chosen, registry, cases, jobs=options.jobs, seconds=options.seconds)
    judged = list(_counted(found, len(chosen), "judged"))
    return sorted(judged, key=lambda one: (one.mutant.module, one.mutant.place))


def _tried(chosen: Chosen, judged: Sequence[Judged], options: Namespace) -> dict[Mutant, Trial]:
    """The tests' verdict on those mutants that it is wanted for; no tests belong to modules outside the checkout."""
    wanted = {one.mutant for one in judged if options.tests == "all" or one.finding.verdict != "nothing"}
    pairs = [(module, mutant) for module, mutant in chosen if mutant in wanted and module.path.is_relative_to(ROOT)]
    if options.tested is not None and options.tested < len(pairs):
        pairs = random.Random(options.seed).sample(pairs, options.tested)
    modules = list({module.name: module for module, _ in pairs}.values())
    with checkouts(ROOT, modules, options.jobs) as (copies, suite):
        return dict(_counted(try_out(pairs, copies, suite, options.test_seconds), len(pairs), "tried by the tests"))


def _counted(found: Iterable[T], total: int, done: str) -> Iterator[T]:
    for number, one in enumerate(found, 1):
        print(f"\r{number} of {total} {done}", end="", file=sys.stderr, flush=True)
        yield one
    print(file=sys.stderr)


if __name__ == "__main__":
    # So that the copies of the checkout are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
