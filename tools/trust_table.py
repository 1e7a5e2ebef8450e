"""Turns the figures of `examwright check --json`, in a file or on stdin, into the table of docs/trust.md."""

from __future__ import annotations

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
    "lines off",
    "rounding-unsafe",
    "slip collisions",
    "other faults",
    "different instances, at least",
    "effort spread before",
    "after matching",
    "ms per draw",
    "fault rate below",
)
NAMED = ("disagreement", "line off", "rounding", "slip")


def table(results: Iterable[Mapping[str, Any]]) -> str:
    """One row per exercise type, its levels taken together, and one for all."""
    ordered = sorted(results, key=lambda result: result["exercise"])
    rows = [_row(f"`{slug}`", list(levels)) for slug, levels in groupby(ordered, key=lambda result: result["exercise"])]
    lines = (HEADER, ["---", *["---:"] * (len(HEADER) - 1)], *rows, _row("**all**", ordered))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _row(name: str, levels: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Counts are added up; of distinct instances, spreads and times the worst level is shown."""
    efforts = [level["effort"] for level in levels if level["effort"]]
    times = [level["milliseconds"] for level in levels if level["milliseconds"] is not None]
    draws = sum(level["draws"] for level in levels)
    failed = sum(sum(level["failures"].values()) for level in levels)
    others = [count for level in levels for kind, count in level["failures"].items() if kind not in NAMED]
    return (
        name,
        f"{draws:,}",
        _total(levels, "disagreements"),
        _total(levels, "lines_replayed"),
        _total(levels, "lines_off"),
        _total(levels, "rounding_unsafe"),
        _total(levels, "slip_collisions"),
        f"{sum(others):,}",
        f"{min(level['distinct_at_least'] for level in levels):,}",
        _percent(max((effort["spread"] for effort in efforts), default=None)),
        _percent(max((effort["matched_spread"] for effort in efforts), default=None)),
        f"{max(times):.1f}" if times else "–",
        f"{100 * 3 / draws:.2g} %" if not failed else "–",
    )


def _total(levels: Iterable[Mapping[str, Any]], name: str) -> str:
    return f"{sum(level[name] for level in levels):,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


if __name__ == "__main__":
    source = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else sys.stdin.buffer.read()
    # The old code page of Windows has no dash.
    sys.stdout.buffer.write(table(json.loads(source)).encode())
