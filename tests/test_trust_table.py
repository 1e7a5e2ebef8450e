from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from generator.batch import run_gate

TOOL = Path(__file__).parent.parent / "tools" / "trust_table.py"


def test_the_table_has_a_row_per_exercise_type_and_one_for_all() -> None:
    slugs = ["convolution/receptive-field", "convolution/conv2d"]
    results = [result.summary() for result in run_gate(slugs, ["easy", "medium"], 30, read=5)]
    results[0]["failures"] = {"disagreement": 2, "no draw": 1}
    results[0]["disagreements"] = 2
    command = [sys.executable, str(TOOL)]
    done = subprocess.run(command, input=json.dumps(results).encode(), capture_output=True, check=True)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.decode().splitlines()]
    header, _, conv, field, both = rows
    assert [conv[0], field[0], both[0]] == ["`convolution/conv2d`", "`convolution/receptive-field`", "**all**"]
    column = {name: place for place, name in enumerate(header)}
    assert (conv[column["draws"]], both[column["draws"]]) == ("60", "120")
    assert [row[column["disagreements"]] for row in (conv, field, both)] == ["0", "2", "2"]
    assert [row[column["other faults"]] for row in (conv, field, both)] == ["0", "1", "1"]
    # Three in sixty, three in ten; nothing is said where there were faults.
    column_of = {"wrong answers or numbers below": ("5 %", "–"), "wrong formulas below": ("30 %", "–")}
    for name, said in column_of.items():
        assert (conv[column[name]], field[column[name]]) == said
    lines = sum(result["lines_replayed"] for result in results)
    assert both[column["lines replayed"]] == f"{lines:,}"
