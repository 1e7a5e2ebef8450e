from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.batch import BuildPlan, FolderError, build, plan, verify
from generator.cli import main
from generator.exam import Student, numbered_variants, parse_exam, student_variants

QUESTION = '[[section]]\n[[section.question]]\nexercise = "convolution/conv2d"\nparts = ["a", "b"]\n'
EXAM = parse_exam(f'title = "T"\nseed = 7\n{QUESTION}', "x")


DERIVATION = '[[section]]\n[[section.question]]\nexercise = "likelihood/mle-estimator"\n'
STUDENTS = (Student("17", "Ånna"), Student("18", ""))
AGAIN = "made again from its recorded values:"
TEX = {
    "[['3', '8'], ['0', '3']]": r"\begin{pmatrix} 3 & 8 \\ 0 & 3 \end{pmatrix}",
    "[['3']]": r"\begin{pmatrix} 3 \end{pmatrix}",
}


def build_into(out: Path) -> Path:
    build(BuildPlan(EXAM, student_variants(EXAM, STUDENTS), out, ("pdf", "json"), combined=True))
    return out


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be copied, not to be changed."""
    return build_into(tmp_path_factory.mktemp("once"))


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
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


def test_strangers_are_named_wherever_they_are(tmp_path: Path) -> None:
    build(BuildPlan(EXAM, student_variants(EXAM, [Student("17", "")]), tmp_path))
    (tmp_path / "records").mkdir()
    (tmp_path / "unfinished").mkdir()
    for name in ("keys.pdf", "notes.txt", "records/17.json", "questions/17 (copy).pdf", "keys/.DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    found = [(finding.kind, finding.where) for finding in verify(tmp_path).findings]
    strangers = ["keys.pdf", "notes.txt", "questions/17 (copy).pdf", "records/17.json", "unfinished"]
    assert found == [("not listed", name) for name in strangers]


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
    found = [(finding.where, finding.text) for finding in report.findings]
    assert ("keys/17.pdf", "comes out with other bytes") in found
    assert ("17", f"{AGAIN} the same answer, points and words in 1a, 1b") in found


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
            part["answer"]["tex"] = TEX[str(exact)]
            part["answer"]["decimal"] = [[float(entry) for entry in row] for row in exact]
            # Earlier versions noted no words.
            del part["words"]

    edit(built, change)
    texts = [finding.text for finding in verify(built).findings if finding.where.startswith("17")]
    assert "the seed gives other values now" in texts
    assert not any("another answer" in text or "NOT" in text for text in texts)
    assert f"{AGAIN} the same answer and points (words were not noted when it was built) in 1a, 1b" in texts


def test_the_words_of_a_derivation_are_compared(tmp_path: Path) -> None:
    exam = parse_exam(f'title = "T"\nseed = 7\n{DERIVATION}', "x")
    build(BuildPlan(exam, numbered_variants(exam, 1), tmp_path))
    parts: list[Any] = []

    def change(manifest: Any) -> None:
        parts[:] = manifest["variants"][0]["questions"][0]["parts"]
        derivation = next(part for part in parts if part["answer"] is None)
        derivation["words"] = "0" * 16

    edit(tmp_path, change)
    names = {part["id"]: part["answer"] is None for part in parts}
    changed = next(name for name, derived in names.items() if derived)
    found = {finding.where: finding.text for finding in verify(tmp_path).findings if finding.where.startswith("01")}
    assert f"part {changed} is worded otherwise now" in found.values()
    assert found["01"] == f"{AGAIN} NOT the same content in 1{changed}"
    texts = [finding.text for finding in verify(tmp_path).findings]
    same = ", ".join(f"1{name}" for name in names if name != changed)
    assert f"{AGAIN} the same answer, points and words in {same}" in texts
    edit(tmp_path, lambda manifest: [part.pop("words") for part in _parts(manifest)])
    edit(tmp_path, lambda manifest: manifest["variants"][0]["files"].update({"keys/01.pdf": "0" * 64}))
    texts = [finding.text for finding in verify(tmp_path).findings]
    derived = ", ".join(f"1{name}" for name, without in names.items() if without)
    assert any(text.startswith(f"{AGAIN} could not compare") and text.endswith(f": {derived}") for text in texts)


def test_an_answer_in_other_words_is_the_same_answer(built: Path) -> None:
    edit(built, lambda manifest: next(_parts(manifest)).update(words="0" * 16))
    texts = [finding.text for finding in verify(built).findings if finding.kind == "compared"]
    assert sorted(texts) == [
        f"{AGAIN} the same answer and points, but other words in 1a",
        f"{AGAIN} the same answer, points and words in 1b",
    ]


def _parts(manifest: Any) -> Iterator[Any]:
    for variant in manifest["variants"]:
        for question in variant["questions"]:
            yield from question["parts"]


def test_code_that_has_changed_since_is_said_even_where_it_changes_nothing(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plan, "code_version", lambda: "123456789abc")
    assert main(["verify", str(built), "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^built with other versions:\n  code [0-9a-f]{12} -> 123456789abc$", said, re.MULTILINE)
    assert "please report" not in said
    with pytest.raises(FolderError, match=r"was built with other versions \(code [0-9a-f]{12} -> 123456789abc\)"):
        build(BuildPlan(EXAM, student_variants(EXAM, [Student("17", "Ånna"), Student("18", "")]), built))


def test_a_manifest_without_a_hash_of_the_code_is_said_to_have_none(built: Path) -> None:
    edit(built, lambda manifest: manifest["versions"].pop("code"))
    assert verify(built).changes == ("an examwright that did not note the hash of its code",)


def test_one_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(BuildPlan(EXAM, numbered_variants(EXAM, 1), tmp_path))
    main(["verify", str(tmp_path), "--jobs", "1"])
    assert capsys.readouterr().out.startswith("1 variant, 4 files: ")
    assert "Seed 7, 1 variant. " in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_an_exam_changed_in_the_manifest_is_refused(built: Path) -> None:
    edit(built, lambda manifest: manifest.update(seed=8))
    with pytest.raises(FolderError, match="its exam or seed was changed"):
        verify(built)


def first(manifest: Any, *path: Any) -> Any:
    """What a path leads to inside of the first variant."""
    found = manifest["variants"][0]
    for key in path:
        found = found[key]
    return found


def nested(depth: int) -> Any:
    made: Any = "1"
    for _ in range(depth):
        made = [made]
    return made


QUESTION_PATH = ("questions", 0)
ANSWER_PATH = (*QUESTION_PATH, "parts", 0, "answer")
WRONG: dict[str, tuple[Callable[[Any], object], str]] = {
    "file outside": (lambda made: made["files"].update({"../x.pdf": "0" * 64}), r"files\.\.\./x\.pdf\."),
    "another file": (lambda made: made["files"].update({"x.pdf": "0" * 64}), r"files\.x\.pdf\."),
    "file of another": (
        lambda made: first(made, "files").update({"keys/19.pdf": "0" * 64}),
        r"variants\.0: the files are not those of variant 17: keys/19\.pdf",
    ),
    "other ending": (lambda made: first(made, "files").update({"keys/17.json": "0" * 64}), r"variants\.0: the files"),
    "a key alone": (lambda made: first(made, "files").pop("questions/17.pdf"), r"variants\.0: the files"),
    "NUL": (lambda made: first(made).update(variant="a\0b"), r"variants\.0\.variant: "),
    "path": (lambda made: first(made).update(variant="../17"), r"variants\.0\.variant: "),
    "no effort": (lambda made: first(made).update(effort=0), r"variants\.0\.effort: "),
    "endless effort": (lambda made: first(made).update(effort=10**300), r"variants\.0\.effort: "),
    "endless decimal": (
        lambda made: first(made, *ANSWER_PATH).update(decimal=10**400),
        r"variants\.0\.questions\.0\.parts\.0\.answer\.decimal: is too large a number",
    ),
    "deep": (lambda made: first(made, *ANSWER_PATH).update(exact=nested(450)), "is nested too deeply"),
    "half a letter": (lambda made: made.update(title="\ud800"), "title: holds half a letter"),
    "half a letter in an exam": (lambda made: made.update(exam=made["exam"] + "# \ud800"), "exam: holds half a letter"),
    "half a letter in a name": (
        lambda made: first(made, "student").update(name="\ud800"),
        r"variants\.0\.student\.name: holds half a letter",
    ),
    "half a letter in a pattern": (
        lambda made: made["targets"][0].update(pattern="\ud800"),
        r"targets\.0\.pattern: holds half a letter",
    ),
    "half a letter in a key": (
        lambda made: first(made, *QUESTION_PATH, "parameters").update({"\ud800": 1}),
        r"variants\.0\.questions\.0\.parameters\.a key: holds half a letter",
    ),
    "lines in a key": (lambda made: made["files"].update({"a\nb": "0" * 64}), r"files\.a.b\."),
    "twice": (lambda made: made["variants"].append(first(made)), "variant 17 is listed twice"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_manifest_that_no_build_wrote_is_one_clear_line(built_once: Path, tmp_path: Path, name: str) -> None:
    """For ``verify`` and for ``build`` alike, whatever is done with it later."""
    shutil.copytree(built_once, tmp_path / "out")
    change, message = WRONG[name]
    edit(tmp_path / "out", change)
    again = BuildPlan(EXAM, student_variants(EXAM, STUDENTS), tmp_path / "out", ("pdf", "json"))
    for attempt in (lambda: verify(tmp_path / "out"), lambda: build(again)):
        with pytest.raises(
            FolderError, match=rf"manifest\.json: is not as examwright writes it: .*{message}"
        ) as caught:
            attempt()
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("exact", ["1/0", "1e99999999", "1E+9_999_999", "nan", "9" * 5000])
def test_an_answer_that_is_no_number_is_another_answer(built_once: Path, tmp_path: Path, exact: str) -> None:
    shutil.copytree(built_once, tmp_path / "out")
    edit(tmp_path / "out", lambda made: first(made, *ANSWER_PATH).update(exact=exact, decimal=1.0))
    assert any("part a has another answer now" in finding.text for finding in verify(tmp_path / "out").findings)


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"has no manifest\.json"):
        verify(tmp_path)
    with pytest.raises(FolderError, match=r"has no manifest\.json"):
        verify(tmp_path / "none")
