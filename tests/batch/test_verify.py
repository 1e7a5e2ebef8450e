from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.batch import BuildPlan, FolderError, build, verify
from generator.exam import Student, parse_exam, student_variants

QUESTION = '[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\nparts = ["a", "b"]\n'
EXAM = parse_exam(f'title = "T"\nseed = 7\n{QUESTION}', "x")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    students = (Student("17", "Ånna"), Student("18", ""))
    build(BuildPlan(EXAM, student_variants(EXAM, students), tmp_path, ("pdf", "json"), combined=True))
    return tmp_path


def edit(out: Path, change: Callable[[Any], object]) -> None:
    path = out / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_an_untouched_folder_passes_and_is_not_touched(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    report = verify(built)
    assert report.passed
    assert (report.variants, report.files) == (2, 10)
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


def test_two_processes_find_the_same(built: Path) -> None:
    assert verify(built, jobs=2) == verify(built)


def test_a_changed_and_a_missing_file_are_named(built: Path) -> None:
    (built / "keys" / "17.pdf").write_bytes(b"changed")
    (built / "questions" / "18.pdf").unlink()
    found = [(finding.kind, finding.where) for finding in verify(built).findings]
    assert found == [("changed", "keys/17.pdf"), ("missing", "questions/18.pdf")]


def test_a_stranger_among_the_files_is_named(built: Path) -> None:
    (built / "keys" / "19.pdf").write_bytes(b"x")
    found = [(finding.kind, finding.where) for finding in verify(built).findings]
    assert found == [("not listed", "keys/19.pdf")]


def test_an_answer_that_was_tampered_with_is_found(built: Path) -> None:
    def change(manifest: Any) -> None:
        manifest["variants"][0]["questions"][0]["parts"][1]["answer"]["exact"] = [["0"]]

    edit(built, change)
    texts = [f"{finding.where}: {finding.text}" for finding in verify(built).findings]
    assert "17, question 1 (convolution/conv2d): part b has another answer now" in texts


def test_other_versions_are_the_reason_where_only_the_layout_differs(built: Path) -> None:
    def change(manifest: Any) -> None:
        manifest["versions"]["reportlab"] = "3.0"
        manifest["variants"][0]["files"]["keys/17.pdf"] = "0" * 64

    edit(built, change)
    report = verify(built)
    assert any(text.startswith("reportlab 3.0 -> ") for text in report.changes)
    found = [(finding.where, finding.text) for finding in report.findings if finding.kind == "not reproduced"]
    assert ("keys/17.pdf", "comes out with other bytes") in found
    assert ("17", "but its questions, values and answers are the same") in found


def test_values_that_the_seed_no_longer_gives_are_solved_again(built: Path) -> None:
    def change(manifest: Any) -> None:
        question = manifest["variants"][0]["questions"][0]
        # As if an earlier version had drawn these, and solved them rightly.
        question["parameters"] |= {
            "input": [["1", "2", "0"], ["0", "1", "3"], ["2", "0", "1"]],
            "kernel": [["1", "0"], ["0", "2"]],
        }
        question["parameters"]["settings"] = [
            {"stride": "1", "padding": "0", "dilation": "1"},
            {"stride": "2", "padding": "0", "dilation": "1"},
        ]
        for part, exact in zip(question["parts"], ([["3", "8"], ["0", "3"]], [["3"]]), strict=True):
            part["answer"]["exact"] = exact

    edit(built, change)
    texts = [finding.text for finding in verify(built).findings if finding.where.startswith("17")]
    assert "the seed gives other values now" in texts
    assert not any("another answer" in text for text in texts)
    assert "but solved again from its recorded values, every answer is the same" in texts


def test_an_exam_changed_in_the_manifest_is_refused(built: Path) -> None:
    edit(built, lambda manifest: manifest.update(seed=8))
    with pytest.raises(FolderError, match="its exam or seed was changed"):
        verify(built)


def test_a_manifest_names_no_files_outside(built: Path) -> None:
    edit(built, lambda manifest: manifest["files"].update({"../x.pdf": "0" * 64}))
    with pytest.raises(FolderError, match="is not as examwright writes it"):
        verify(built)


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"has no manifest\.json"):
        verify(tmp_path)
    with pytest.raises(FolderError, match=r"has no manifest\.json"):
        verify(tmp_path / "none")
