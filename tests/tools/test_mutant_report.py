from __future__ import annotations

import json

from tools.mutant_report import caught_tables, listing, missed, rows, summary, verdict_table
from tools.mutant_runs import Finding, Judged
from tools.mutant_trials import Trial
from tools.mutation import Mutant

ONE, TWO = "topic/one", "topic/two"
SURVIVOR = Finding("survivor", ("answers",))
ANSWER = Finding("answer", message="the routes disagree")
TEXT = Finding("text", ("working",), replayed=True)
NOTHING = Finding("nothing")


def judged(place: int, finding: Finding, types: dict[str, Finding]) -> Judged:
    mutant = Mutant("generator.solver.x", place, "sign", 7)
    return Judged(mutant, "generator/solver/x.py", "-a", "a", finding, types)


MUTANTS = [
    judged(0, SURVIVOR, {ONE: SURVIVOR, TWO: ANSWER}),
    judged(1, ANSWER, {ONE: ANSWER, TWO: NOTHING}),
    judged(2, TEXT, {ONE: NOTHING, TWO: TEXT}),
    judged(3, NOTHING, {ONE: NOTHING, TWO: NOTHING}),
]
GOLDEN = "tests/exercises/test_every_type.py::test_golden_words[topic/two]"
TRIALS = {
    MUTANTS[0].mutant: Trial("passed", "", 4.0),
    MUTANTS[1].mutant: Trial("failed", "tests/solver/test_x.py::test_x", 1.0),
    MUTANTS[2].mutant: Trial("failed", GOLDEN, 3.0),
}


def cells(table: str, name: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_verdicts_by_module() -> None:
    table = verdict_table(MUTANTS)
    assert cells(table, "solver.x") == cells(table, "all") == ["4", "1", "1", "1", *[""] * 6, "1"]


def test_what_was_caught_by_verdict_by_module_and_by_exercise_type() -> None:
    verdicts, modules, types = caught_tables(MUTANTS, TRIALS).split("\n\n")
    # Mutants; at build time, by the gate, by the tests, by either, by golden files first.
    assert cells(verdicts, "survivor") == ["1", "0", "0", "0", "0", "0"]
    assert cells(verdicts, "answer") == ["1", "1", "0", "1", "1", "0"]
    assert cells(verdicts, "text") == ["1", "0", "1", "1", "1", "1"]
    assert cells(verdicts, "all") == ["3", "1", "1", "2", "2", "1"]
    # Changed answers, at build time, by the tests, by either; other changes, by the gate, by the tests.
    assert cells(modules, "solver.x") == ["2", "1", "1", "1", "1", "1", "1"]
    assert cells(types, ONE) == ["2", "1", "1", "1", "0", "0", "0"]
    # The first mutant is a wrong key for one type, and stops the build of the other.
    assert cells(types, TWO) == ["1", "1", "0", "1", "1", "1", "1"]


def test_lists() -> None:
    assert listing(MUTANTS, ["text"], TRIALS) == (
        f"generator/solver/x.py:7 [sign] text: working; the gate finds it; caught by {GOLDEN}\n  - -a\n  + a"
    )
    assert missed(MUTANTS, TRIALS) == listing(MUTANTS, ["survivor"], TRIALS)
    assert missed(MUTANTS, {}) == ""


def test_summary() -> None:
    text = summary(MUTANTS, {})
    assert "2 gave a wrong answer, of which the second route caught 1 (50.0 %)" in text
    assert "tests" not in text
    text = summary(MUTANTS, TRIALS)
    assert "tests run for 3 mutants (2.7 s each): they caught 1 of the 2 that gave a wrong answer" in text
    assert "and 1 of the 2 of which a build would print something that differs" in text


def test_rows_are_json() -> None:
    first, second, _, last = json.loads(json.dumps(rows(MUTANTS, TRIALS)))
    assert (first["module"], first["line"], first["verdict"], first["stopped"]) == (
        "generator.solver.x",
        7,
        "survivor",
        False,
    )
    assert first["types"][TWO] == {"verdict": "answer", "stopped": True, "replayed": False}
    assert first["tests"]["caught"] is False
    assert second["tests"] == {
        "end": "failed",
        "test": "tests/solver/test_x.py::test_x",
        "seconds": 1.0,
        "caught": True,
    }
    assert last["tests"] is None
