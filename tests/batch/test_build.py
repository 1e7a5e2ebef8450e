from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from generator.batch import BuildPlan, FolderError, VariantError, build, verify
from generator.cli.skeleton import write_skeleton
from generator.exam import Student, numbered_variants, parse_exam, student_variants

TEXT = """
title = "Test: <exam>"
seed = 7
[[section]]
[[section.question]]
exercise = "convolution/receptive-field"
points = 4.5
[[section.question]]
exercise = "convolution/conv2d"
level = "easy"
parts = ["a"]
"""
EXAM = parse_exam(TEXT, "exam.toml")
ROOT = Path(__file__).parents[2]


def plan(out: Path, variants: int = 2, **changes: Any) -> BuildPlan:
    return replace(BuildPlan(EXAM, numbered_variants(EXAM, variants), out), **changes)


def contents(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "new" / "folder"
    build(plan(out, 3, formats=("pdf", "json"), combined=True))
    return out


def test_the_folder_holds_what_was_promised(built: Path) -> None:
    labels = ("01", "02", "03")
    expected = {"manifest.json", "answers.csv", "report.md", "questions.pdf", "keys.pdf"}
    expected |= {f"{folder}/{label}.pdf" for folder in ("questions", "keys") for label in labels}
    expected |= {f"records/{label}.json" for label in labels}
    assert set(contents(built)) == expected


def test_the_manifest_knows_every_file_and_all_that_is_needed_to_mark(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    listed = dict(manifest["files"])
    for variant in manifest["variants"]:
        listed |= variant["files"]
    actual = {name: hashlib.sha256(data).hexdigest() for name, data in contents(built).items()}
    assert listed == {name: digest for name, digest in actual.items() if name != "manifest.json"}
    assert manifest["seed"] == 7
    assert manifest["exam"] == TEXT
    first = manifest["variants"][0]
    assert (first["variant"], first["key"], first["student"]) == ("01", "1", None)
    assert [question["key"].partition("/candidate/")[0] for question in first["questions"]] == [
        "7/1/convolution/receptive-field",
        "7/1/convolution/conv2d",
    ]
    assert first["questions"][0]["points"] == "9/2"
    assert [part["id"] for part in first["questions"][1]["parts"]] == ["a"]


def test_the_code_is_on_every_page_of_question_sheet_and_key(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    for variant in manifest["variants"]:
        for folder in ("questions", "keys"):
            pages = PdfReader(built / folder / f"{variant['variant']}.pdf").pages
            assert all(variant["code"] in page.extract_text() for page in pages)


def test_the_combined_files_hold_all_variants(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    text = "".join(page.extract_text() for page in PdfReader(built / "keys.pdf").pages)
    assert all(variant["code"] in text for variant in manifest["variants"])


def test_the_table_has_a_row_per_variant_and_part(built: Path) -> None:
    with (built / "answers.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    questions = [question for variant in manifest["variants"] for question in variant["questions"]]
    assert len(rows) == sum(len(question["parts"]) for question in questions)
    points = [sum(float(row["points"]) for row in rows if row["variant"] == label) for label in ("01", "02", "03")]
    assert points == [points[0]] * 3


def test_two_processes_write_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build(plan(tmp_path / "two", 3, formats=("pdf", "json"), combined=True, jobs=2))
    assert contents(tmp_path / "two") == contents(built)


def test_the_same_build_again_writes_nothing(tmp_path: Path) -> None:
    build(plan(tmp_path))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    report = build(plan(tmp_path))
    assert (report.built, report.kept) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_missing_file_is_built_again(tmp_path: Path) -> None:
    build(plan(tmp_path))
    before = contents(tmp_path)
    (tmp_path / "keys" / "02.pdf").unlink()
    report = build(plan(tmp_path))
    assert (report.built, report.kept) == (1, 1)
    assert contents(tmp_path) == before


def test_another_format_is_added_to_what_is_there(tmp_path: Path) -> None:
    build(plan(tmp_path, formats=("json",)))
    assert not (tmp_path / "keys").exists()
    build(plan(tmp_path))
    assert (tmp_path / "keys" / "01.pdf").exists()
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["variants"][0]["files"]) == {"questions/01.pdf", "keys/01.pdf", "records/01.json"}


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path: Path) -> None:
    build(plan(tmp_path / "whole", 3))

    def interrupt(done: int, total: int) -> None:
        # The first half of the steps chooses the candidates.
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(plan(tmp_path / "cut", 3), interrupt)
    assert not (tmp_path / "cut" / "manifest.json").exists()
    report = build(plan(tmp_path / "cut", 3))
    assert (report.built, report.kept) == (2, 1)
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_killed_build_leaves_no_half_written_file(tmp_path: Path) -> None:
    out = tmp_path / "killed"
    (tmp_path / "exam.toml").write_text(TEXT, encoding="utf-8")
    arguments = ["build", str(tmp_path / "exam.toml"), "--variants", "40", "--jobs", "1", "--out", str(out)]
    program = "import sys; from generator.cli import main; main(sys.argv[1:])"
    process = subprocess.Popen([sys.executable, "-c", program, *arguments])
    try:
        deadline = time.monotonic() + 60
        while not (out / "keys" / "02.pdf").exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    for path in [*out.glob("questions/*"), *out.glob("keys/*")]:
        assert path.suffix == ".pdf"
        assert path.read_bytes().rstrip().endswith(b"%%EOF")
    report = build(plan(out, 40, formats=("pdf",)))
    assert report.kept >= 1
    assert report.built + report.kept == 40
    assert not (out / "unfinished").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a new interpreter for every kill would take minutes")
@pytest.mark.parametrize(("kills", "jobs"), [(15, 1), (3, 2)])
def test_a_build_killed_at_random_moments_ends_with_the_same_bytes(kills: int, jobs: int) -> None:
    """In a process of its own, so that it may fork."""
    options = ["--kills", str(kills), "--jobs", str(jobs), "--seed", str(time.time_ns())]
    arguments = [sys.executable, "-m", "tools.kills", *options]
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    assert done.stdout.startswith(f"kills: {kills}, ")
    assert done.stdout.endswith("faults: 0\n")


def test_workers_do_not_outlive_a_killed_build(tmp_path: Path) -> None:
    exam, out = tmp_path / "exam.toml", tmp_path / "out"
    exam.write_text(TEXT, encoding="utf-8")
    arguments = ["build", str(exam), "--variants", "40", "--jobs", "2", "--out", str(out)]
    program = "import sys; from generator.cli import main; main(sys.argv[1:])"
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (out / "keys").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    # The workers have the pipe too: it ends when the last of them does.
    process.communicate(timeout=30)
    assert build(plan(out, 40, formats=("pdf",))).kept < 40
    assert not (out / "unfinished").exists()


def test_surroundings_change_no_byte(tmp_path: Path) -> None:
    """Hash seed, time zone, locale, working directory and the number of processes."""
    (tmp_path / "exam.toml").write_text(TEXT, encoding="utf-8")
    program = "import sys; from generator.cli import main; sys.exit(main(sys.argv[1:]))"
    surroundings = (
        ({"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}, "1", "one"),
        ({"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR"}, "2", "two"),
    )
    for changes, jobs, name in surroundings:
        folder = tmp_path / name
        folder.mkdir()
        arguments = ["build", "../exam.toml", "--variants", "3", "--format", "pdf,json", "--jobs", jobs, "--out", "out"]
        command = [sys.executable, "-c", program, *arguments, "--combined"]
        subprocess.run(command, cwd=folder, env=os.environ | changes, check=True, capture_output=True)
    assert contents(tmp_path / "one" / "out") == contents(tmp_path / "two" / "out")


def refused(made: BuildPlan) -> str:
    """The message of a build that is refused, having changed nothing in the folder."""
    before = contents(made.out) if made.out.is_dir() else None
    with pytest.raises(FolderError) as caught:
        build(made)
    assert before == (contents(made.out) if made.out.is_dir() else None)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_with_another_exam_is_refused(tmp_path: Path) -> None:
    build(plan(tmp_path))
    other = replace(EXAM, title="Other", text=TEXT.replace("Test", "Other"))
    variants = numbered_variants(other, 2)
    assert "holds another exam ('Test: <exam>', seed 7)" in refused(BuildPlan(other, variants, tmp_path))


def test_a_folder_with_another_seed_is_refused(tmp_path: Path) -> None:
    build(plan(tmp_path))
    other = replace(EXAM, seed=8)
    assert "holds another seed" in refused(BuildPlan(other, numbered_variants(other, 2), tmp_path))


def test_a_folder_with_an_earlier_state_of_the_exam_is_refused(tmp_path: Path) -> None:
    build(plan(tmp_path))
    other = parse_exam(TEXT.replace("4.5", "5"), "exam.toml")
    assert "holds an earlier state of the exam file" in refused(BuildPlan(other, numbered_variants(other, 2), tmp_path))


def test_a_folder_of_other_versions_is_refused(tmp_path: Path) -> None:
    build(plan(tmp_path))
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["versions"]["reportlab"] = "3.0"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert "was built with other versions (reportlab 3.0 -> " in refused(plan(tmp_path))


def test_a_folder_with_more_variants_is_refused(tmp_path: Path) -> None:
    build(plan(tmp_path, 3))
    assert "holds 1 variant that this build does not have (03)" in refused(plan(tmp_path, 2))


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.pdf").write_bytes(b"years of work")
    assert "holds other files (thesis.pdf)" in refused(plan(tmp_path))


def test_a_changed_file_is_not_overwritten(tmp_path: Path) -> None:
    build(plan(tmp_path))
    (tmp_path / "keys" / "01.pdf").write_bytes(b"with my notes")
    assert "01.pdf: was changed since it was built" in refused(plan(tmp_path))


@pytest.mark.parametrize("name", ["keys.pdf", "questions.pdf"])
def test_a_combined_file_that_is_not_the_builds_is_not_overwritten(tmp_path: Path, name: str) -> None:
    build(plan(tmp_path))
    (tmp_path / name).write_bytes(b"merged by hand")
    assert f"{name}: was there already, and is not a file of this build" in refused(plan(tmp_path, combined=True))
    # Where nothing is written over it, it does no harm.
    assert build(plan(tmp_path)).kept == 2


@pytest.mark.parametrize(
    ("name", "again"),
    [("records/01.json", {"formats": ("pdf", "json")}), ("keys/03.pdf", {"variants": 3}), ("answers.csv", {})],
)
def test_a_sheet_that_is_not_the_builds_is_not_overwritten(tmp_path: Path, name: str, again: dict[str, Any]) -> None:
    build(plan(tmp_path))
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"].pop(name, None)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"somebody else's")
    assert f"{Path(name).name}: was there already, and is not a file of this build" in refused(plan(tmp_path, **again))


def test_a_changed_sheet_of_an_interrupted_build_is_not_overwritten(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(plan(tmp_path, 3), interrupt)
    (tmp_path / "keys" / "01.pdf").write_bytes(b"with my notes")
    assert "01.pdf: was changed since it was built" in refused(plan(tmp_path, 3))


def test_an_addition_that_is_interrupted_anywhere_ends_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variant more, and a student's name changed: files that are there are replaced, one after the other."""
    before, after = ([Student("1", "A"), Student("2", "B")], [Student("1", "A"), Student("2", "C"), Student("3", "D")])

    def of(out: Path, students: list[Student]) -> BuildPlan:
        return BuildPlan(EXAM, student_variants(EXAM, students), out, combined=True)

    build(of(tmp_path / "before", before))
    build(of(tmp_path / "whole", after))
    original = Path.replace
    for stop in range(1, 99):
        out = tmp_path / f"out{stop}"
        calls: list[Path] = []

        def renamed(path: Path, target: Path, calls: list[Path] = calls, stop: int = stop) -> Path:
            calls.append(path)
            if len(calls) == stop:
                raise KeyboardInterrupt
            return original(path, target)

        shutil.copytree(tmp_path / "before", out)
        with monkeypatch.context() as inside:
            inside.setattr(Path, "replace", renamed)
            try:
                build(of(out, after))
                break
            except KeyboardInterrupt:
                pass
        build(of(out, after))
        assert contents(out) == contents(tmp_path / "whole"), stop
    assert stop > 10


def test_a_table_with_marks_in_it_is_not_overwritten(tmp_path: Path) -> None:
    build(plan(tmp_path))
    with (tmp_path / "answers.csv").open("a", encoding="utf-8") as stream:
        stream.write("my marks\n")
    assert "answers.csv: was changed since it was built" in refused(plan(tmp_path, 3))


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")
    assert "is a file; expected a folder" in refused(plan(tmp_path / "x"))


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")
    assert "cannot be written" in refused(plan(tmp_path / "x" / "y"))


@pytest.mark.parametrize("damage", ["{", "[]", '{"schema": "examwright/manifest/1"}', "null", "[" * 100_000])
def test_a_damaged_manifest_is_refused(tmp_path: Path, damage: str) -> None:
    (tmp_path / "manifest.json").write_text(damage, encoding="utf-8")
    assert "manifest.json: is not" in refused(plan(tmp_path))


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FolderError, match="cannot be written: No space left on device"):
        build(plan(tmp_path))
    monkeypatch.undo()
    build(plan(tmp_path))
    assert (tmp_path / "manifest.json").exists()


def test_a_question_that_cannot_be_printed_is_named(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    write_skeleton("topic/wide", None, pack)
    template = pack / "templates" / "topic" / "wide.md.j2"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("Compute", f"$$\\frac{{{'x' * 200}}}{{2}}$$\n\nCompute"), encoding="utf-8")
    exam = parse_exam(TEXT + '[[section.question]]\nexercise = "topic/wide"\n', "x")
    with pytest.raises(VariantError) as caught:
        build(BuildPlan(exam, numbered_variants(exam, 2), tmp_path / "out", packs=(pack,)))
    assert str(caught.value).startswith("variant 01, question 3 (topic/wide): the formula")
    assert not list((tmp_path / "out").rglob("*.pdf"))


def test_a_name_that_the_fonts_cannot_print_is_left_to_be_filled_in(tmp_path: Path) -> None:
    students = [Student("17", "\u674e\u660e"), Student("\u0661\u0662", "Anna")]
    build(BuildPlan(EXAM, student_variants(EXAM, students), tmp_path))
    for folder in ("questions", "keys"):
        text = PdfReader(tmp_path / folder / "17.pdf").pages[0].extract_text()
        assert "Name" in text
        assert "17" in text
    assert "\u674e\u660e" in (tmp_path / "answers.csv").read_text(encoding="utf-8-sig")
    assert verify(tmp_path).passed


def test_students_may_be_called_like_files_of_the_build(tmp_path: Path) -> None:
    students = [Student(name, "") for name in ("build", "manifest", "variants", "unfinished")]
    for _ in range(2):
        report = build(BuildPlan(EXAM, student_variants(EXAM, students), tmp_path))
    assert (report.built, report.kept) == (0, 4)


def test_students_are_added_and_renamed_without_building_the_others_anew(tmp_path: Path) -> None:
    anna, bela = Student("17", "Anna"), Student("18", "Béla")

    def with_students(*students: Student) -> BuildPlan:
        return BuildPlan(EXAM, student_variants(EXAM, students), tmp_path, combined=True)

    build(with_students(anna))
    first = (tmp_path / "questions" / "17.pdf").read_bytes()
    report = build(with_students(bela, anna))
    assert (report.built, report.kept) == (1, 1)
    assert (tmp_path / "questions" / "17.pdf").read_bytes() == first
    combined = "".join(page.extract_text() for page in PdfReader(tmp_path / "questions.pdf").pages)
    assert "Anna" in combined
    assert "Béla" in combined
    report = build(with_students(bela, replace(anna, name="Anna Müller")))
    assert (report.built, report.kept) == (1, 1)
    assert "Anna Müller" in PdfReader(tmp_path / "questions" / "17.pdf").pages[0].extract_text()
