from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TOOL = Path(__file__).parents[2] / "tools" / "trust_table.py"
COUNTS = (
    *("disagreements", "lines_replayed", "lines_off", "rounding_unsafe", "slip_collisions"),
    *("formulas_judged", "formulas_read", "substitutions_compared"),
)


def level(slug: str) -> dict[str, Any]:
    figures = {"draws": 100, "failures": {}, "distinct_at_least": 10, "effort": None, "milliseconds": 1.0}
    return {"exercise": slug, **figures, **dict.fromkeys(COUNTS, 0)}


def finding(verdict: str, stopped: bool) -> dict[str, Any]:
    return {"verdict": verdict, "stopped": stopped, "replayed": False}


def mutant(types: dict[str, dict[str, Any]], whole: dict[str, Any], caught: bool | None) -> dict[str, Any]:
    return {**whole, "types": types, "tests": None if caught is None else {"caught": caught}}


def test_mutants_add_three_columns(tmp_path: Path) -> None:
    wrong, found, text = finding("survivor", False), finding("answer", True), finding("text", False)
    mutants = [
        mutant({"a/one": wrong, "a/two": found}, wrong, True),
        mutant({"a/one": found}, found, False),
        mutant({"a/two": text}, text, True),
        mutant({"a/two": found}, found, None),
    ]
    checked, made = tmp_path / "check.json", tmp_path / "mutants.json"
    checked.write_text(json.dumps([level("a/one"), level("a/three"), level("a/two")]), encoding="utf-8")
    made.write_text(json.dumps(mutants), encoding="utf-8")
    command = [sys.executable, str(TOOL), str(checked), "--mutants", str(made)]
    done = subprocess.run(command, capture_output=True, check=True)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.decode().splitlines()]
    assert len({len(row) for row in rows}) == 1
    assert rows[0][-3:] == ["mutants that change an answer", "caught at build time", "caught by tests"]
    assert {row[0].strip("`*"): row[-3:] for row in rows[2:]} == {
        "a/one": ["2", "1", "1"],
        "a/two": ["2", "2", "1 of 1"],  # of two mutants, the tests ran for one
        "a/three": ["0", "0", "0"],
        "all": ["3", "2", "1 of 2"],
    }
