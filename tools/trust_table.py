"""Turns the figures of `examwright check --json`, in a file or on stdin, into the table of docs/trust.md.

With ``--mutants FILE``, the output of `python -m tools.mutants --tests --json FILE`, the table says too how many of the
faults put in on purpose that change an answer are caught.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

HEADER = (
    "exercise",
    "draws",
    "disagreements",
    "lines replayed",
    "formulas compared",
    "lines off",
    "rounding-unsafe",
    "slip collisions",
    "other faults",
    "different instances, at least",
    "effort spread before",
    "after matching",
    "ms per draw",
    "wrong answers or numbers below",
    "wrong formulas below",
)
NAMED = ("disagreement", "line off", "rounding", "slip")
MUTANT_HEADER = ("mutants that change an answer", "caught at build time", "caught by tests")
WRONG = ("answer", "survivor")
EVERY = "**all**"


def table(results: Iterable[Mapping[str, Any]], mutants: Sequence[Mapping[str, Any]] | None = None) -> str:
    """One row per exercise type, its levels taken together, and one for all."""
    ordered = sorted(results, key=lambda result: result["exercise"])
    rows = {slug: _row(f"`{slug}`", list(levels)) for slug, levels in groupby(ordered, key=lambda one: one["exercise"])}
    rows[EVERY] = _row(EVERY, ordered)
    header: tuple[str, ...] = HEADER
    if mutants is not None:
        header += MUTANT_HEADER
        rows = {slug: row + _caught(mutants, slug) for slug, row in rows.items()}
    lines = (header, ["---", *["---:"] * (len(header) - 1)], *rows.values())
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _row(name: str, levels: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Counts are added up; of distinct instances, spreads and times the worst level is shown."""
    efforts = [level["effort"] for level in levels if level["effort"]]
    times = [level["milliseconds"] for level in levels if level["milliseconds"] is not None]
    draws = sum(level["draws"] for level in levels)
    read = sum(level["formulas_read"] for level in levels)
    failed = sum(sum(level["failures"].values()) for level in levels)
    others = [count for level in levels for kind, count in level["failures"].items() if kind not in NAMED]
    return (
        name,
        f"{draws:,}",
        _total(levels, "disagreements"),
        _total(levels, "lines_replayed"),
        f"{sum(level['formulas_judged'] + level['substitutions_compared'] for level in levels):,}",
        _total(levels, "lines_off"),
        _total(levels, "rounding_unsafe"),
        _total(levels, "slip_collisions"),
        f"{sum(others):,}",
        f"{min(level['distinct_at_least'] for level in levels):,}",
        _percent(max((effort["spread"] for effort in efforts), default=None)),
        _percent(max((effort["matched_spread"] for effort in efforts), default=None)),
        f"{max(times):.1f}" if times else "–",
        f"{100 * 3 / draws:.2g} %" if not failed else "–",
        f"{100 * 3 / read:.2g} %" if not failed and read else "–",
    )


def _caught(mutants: Iterable[Mapping[str, Any]], slug: str) -> tuple[str, ...]:
    """Mutants that change an answer of a type; a mutant that changes answers of several counts for all of them once."""
    found = [(one if slug == EVERY else one["types"].get(slug), one["tests"]) for one in mutants]
    wrong = [(finding["stopped"], tests) for finding, tests in found if finding and finding["verdict"] in WRONG]
    tried = [tests["caught"] for _, tests in wrong if tests]
    by_tests = f"{sum(tried):,}" if len(tried) == len(wrong) else f"{sum(tried):,} of {len(tried):,}"
    return (f"{len(wrong):,}", f"{sum(stopped for stopped, _ in wrong):,}", by_tests)


def _total(levels: Iterable[Mapping[str, Any]], name: str) -> str:
    return f"{sum(level[name] for level in levels):,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("check", type=Path, nargs="?", help="the output of `examwright check --json` (default: stdin)")
    parser.add_argument("--mutants", type=Path, help="the output of `python -m tools.mutants --tests --json`")
    options = parser.parse_args()
    source = options.check.read_bytes() if options.check else sys.stdin.buffer.read()
    mutants = json.loads(options.mutants.read_bytes()) if options.mutants else None
    # The old code page of Windows has no dash.
    sys.stdout.buffer.write(table(json.loads(source), mutants).encode())


if __name__ == "__main__":
    main()
