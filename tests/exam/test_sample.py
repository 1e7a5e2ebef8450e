from __future__ import annotations

from pathlib import Path

from generator.exam import read_roster
from generator.exam.sample import roster_text, sample_roster
from generator.exercise.registry import templates_folder


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    assert sample_roster(12, 7) == sample_roster(12, 7)
    assert sample_roster(12, 7) != sample_roster(12, 8)


def test_a_sample_can_be_read_again(tmp_path: Path) -> None:
    students = sample_roster(100, 3)
    (tmp_path / "r.csv").write_text(roster_text(students), encoding="utf-8")
    assert read_roster(tmp_path / "r.csv") == students


def test_the_ready_made_roster_has_accents_and_a_comma() -> None:
    students = read_roster(templates_folder() / "exams" / "roster-sample.csv")
    assert len(students) == 12
    assert any("," in student.name for student in students)
    assert any(not student.name.isascii() for student in students)
