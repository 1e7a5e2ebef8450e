from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch.packs import skeleton_pack
from tools.fuzz import Tally, attack, save, table
from tools.hostile import TARGETS, Case
from tools.trial import FAULTS, Outcome, Trials

SECONDS = 60
"""Generous: machines are slow at times, and what hangs, hangs for longer."""


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Trials(SECONDS) as running:
        yield running


@pytest.mark.parametrize("target", TARGETS)
def test_hostile_inputs_end_in_success_or_in_one_clear_line(trials: Trials, target: str) -> None:
    tally = attack(target, 200, 1, trials, lambda _: None)
    assert not tally.faults
    assert tally.inputs >= 150
    assert tally.counts["accepted"] >= 1
    assert tally.counts["refused"] >= 10


def verdict(folder: Path, statement: str, seconds: float = SECONDS) -> Outcome:
    """What is said of a pack whose module has one more statement."""
    pack = skeleton_pack(folder / "pack", ("import numpy as np", f"import numpy as np\n{statement}"))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    with Trials(seconds) as running:
        return running.run(Case(files, ("show", "topic/skeleton", "--pack", "pack")))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("x = 1", "accepted"),
        ("1 / 0", "refused"),
        ("raise BaseException", "tracebacks"),
        ("import os; os._exit(0)", "tracebacks"),
        ("import sys; print('noise', file=sys.stderr); 1 / 0", "unclear"),
        ("open('stray', 'w').close()", "outside"),
        ("open('../../../stray', 'w').close()", "outside"),
        ("import os; os.system('true')", "outside"),
    ],
)
def test_what_a_trial_notices(tmp_path: Path, statement: str, kind: str) -> None:
    assert verdict(tmp_path, statement).kind == kind


def test_a_trial_ends_what_does_not_end(tmp_path: Path) -> None:
    assert verdict(tmp_path, "while True: pass", 1).kind == "over time"


def test_the_same_seed_gives_the_same_inputs() -> None:
    class Recorder(Trials):
        def __init__(self) -> None:
            super().__init__(1)
            self.cases: list[Case] = []

        def run(self, case: Case) -> Outcome:
            self.cases.append(case)
            return Outcome("accepted")

    first, second, third = Recorder(), Recorder(), Recorder()
    for recorder, number in ((first, 1), (second, 1), (third, 2)):
        attack("rosters", 20, number, recorder, lambda _: None)
    assert first.cases == second.cases != third.cases


def test_the_table_adds_up_and_faults_are_kept(tmp_path: Path) -> None:
    tally = Tally("rosters")
    tally.add(Case({"a/b": b"x"}, ("list",)), Outcome("accepted", seconds=0.5))
    for _ in range(2):
        tally.add(Case({"a/b": b"x"}, ("list",)), Outcome(FAULTS[0], "boom", "here", 1.5))
    assert table([tally, tally]).splitlines()[-1] == "| **all** | 6 | 2 | 0 | 4 | 0 | 0 | 0 | 1.5 s |"
    save(tally, tmp_path)
    assert (tmp_path / "rosters-1" / "a" / "b").read_bytes() == b"x"
    assert "boom" in (tmp_path / "rosters-1" / "fault.txt").read_text(encoding="utf-8")
