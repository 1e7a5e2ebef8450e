"""Rebuilds an output folder in memory from its manifest alone, compares, and says what differs and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from generator.batch import folder
from generator.batch.answers import answers_table
from generator.batch.build import ANSWERS, with_candidates
from generator.batch.combined import COMBINED, CombinedTask, make_combined
from generator.batch.content import Compared, Finding, Record, compared, names_of_parts, part_by_part
from generator.batch.error import FolderError
from generator.batch.manifest import MANIFEST, Manifest, formats_of, read_form
from generator.batch.plan import changes, identity, registry_of
from generator.batch.report import REPORT, effort_report
from generator.batch.variant import VariantTask, digest, identification, make_variant, question_record
from generator.batch.workers import Progress, run, silent
from generator.errors import ExamwrightError
from generator.exam import Exam, ResolvedQuestion, Student, Variant, fingerprint, parse_exam
from generator.exercise import make_instance
from generator.wording import word


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was compared, and what differs; ``changes`` lists versions that are not those of the build."""

    variants: int
    files: int
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every file is there, unchanged, and comes out the same again."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """One variant to be rebuilt, with its manifest entry."""

    build: VariantTask
    record: Mapping[str, Any]


def verify(
    out: Path,
    packs: tuple[Path, ...] = (),
    jobs: int = 1,
    progress: Progress = silent,
) -> VerifyReport:
    """Compare a built folder with its manifest and with what is built again from it.

    Raises FolderError where there is no manifest to go by.
    """
    manifest = _manifest(out)
    exam = _exam(out, manifest)
    found_changes = changes(manifest, identity(exam, registry_of(packs)))
    records = manifest["variants"]
    listed = dict(manifest["files"])
    for record in records:
        listed |= record["files"]
    findings = list(_on_disk(out, listed))
    tasks = [VerifyTask(_task(exam, record, packs, out), record) for record in records]
    for done, found in enumerate(run(verify_variant, tasks, jobs), start=1):
        findings += found
        progress(done, len(tasks))
    findings += _verify_tables(exam, manifest, packs, out)
    return VerifyReport(len(records), len(listed), tuple(sorted(findings, key=_order)), tuple(found_changes))


def _order(finding: Finding) -> tuple[str, str]:
    return finding.where, finding.kind


def _manifest(out: Path) -> Mapping[str, Any]:
    path = out / MANIFEST
    if (out / folder.IDENTITY).is_file() and not path.is_file():
        raise FolderError(str(out), "holds an unfinished build; run the same build command again first")
    if not path.is_file():
        raise FolderError(str(out), f"has no {MANIFEST}; expected the output folder of a build")
    return read_form(path, Manifest)


def _exam(out: Path, manifest: Mapping[str, Any]) -> Exam:
    exam = parse_exam(manifest["exam"], f"{MANIFEST}: exam", manifest["seed"])
    if fingerprint(exam) != manifest["fingerprint"]:
        problem = "its exam or seed was changed after the build: the fingerprint does not fit"
        raise FolderError(str(out / MANIFEST), problem)
    return exam


def _task(exam: Exam, record: Mapping[str, Any], packs: tuple[Path, ...], out: Path) -> VariantTask:
    person = record["student"]
    student = Student(person["id"], person["name"]) if person else None
    variant = with_candidates(Variant(record["key"], record["variant"], record["code"], student), record)
    return VariantTask(exam, variant, formats_of(record["files"]), packs, out)


def _on_disk(out: Path, listed: Mapping[str, str]) -> Iterator[Finding]:
    for name, expected in listed.items():
        found = folder.hash_of(out / name)
        if found is None:
            yield Finding("missing", name, "is missing")
        elif found != expected:
            yield Finding("changed", name, "was changed since it was built (its hash differs from the manifest's)")
    for name in folder.unlisted(out, listed):
        left = "is left from a build that did not end; run the same build command again"
        yield Finding("not listed", name, left if name == folder.UNFINISHED else "is not a file of this build")


def verify_variant(task: VerifyTask) -> list[Finding]:
    """What differs between a variant's manifest entry and what is built now."""
    label = task.build.variant.label
    try:
        made = make_variant(task.build)
    except ExamwrightError as problem:
        drawn = None
        findings = [Finding("not reproduced", label, f"cannot be built again: {problem}")]
    else:
        drawn = {question["id"]: question for question in made.record["questions"]}
        findings = [
            Finding("not reproduced", name, "comes out with other bytes")
            for name, expected in task.record["files"].items()
            if digest(made.files[name]) != expected
        ]
        if list(drawn) != [question["id"] for question in task.record["questions"]]:
            findings.append(Finding("content", label, "the seed gives other questions now"))
    compared = [_compared(task, question, drawn) for question in task.record["questions"]]
    findings += [finding for question in compared for finding in question.findings]
    if findings:
        findings += [Finding("compared", label, text) for text in part_by_part(compared)]
    if identification(task.build.variant) != {key: task.record[key] for key in identification(task.build.variant)}:
        findings.append(Finding("content", label, "its code or student differs"))
    return findings


def _compared(task: VerifyTask, question: Record, drawn: Mapping[str, Record] | None) -> Compared:
    """Compare a recorded question with what the seed gives now; where that has other values, with the recorded ones."""
    where = f"{task.build.variant.label}, question {question['number']} ({question['exercise']})"
    again = (drawn or {}).get(question["id"])
    if again is not None and all(again[key] == question[key] for key in ("exercise", "level", "parameters")):
        return compared(question, again, where)
    other = [Finding("content", where, "the seed gives other values now")] if again is not None else []
    try:
        found = compared(question, _solved_again(task, question), where)
    except ExamwrightError as problem:
        lost = Finding("content", where, f"cannot be solved again from its recorded values: {problem}")
        return Compared((*other, lost), other=names_of_parts(question))
    return replace(found, findings=(*other, *found.findings))


def _solved_again(task: VerifyTask, question: Record) -> Record:
    """A question made anew from its recorded parameters, whatever the seed gives now."""
    kind = registry_of(task.build.packs).get(question["exercise"])
    instance = make_instance(kind, question["key"], question["level"], question["parameters"])
    parts = tuple(part["id"] for part in question["parts"])
    points = sum((Fraction(part["points"]) for part in question["parts"]), Fraction(0))
    entry = ResolvedQuestion(question["id"], question["number"], 0, instance, points, parts, False)
    return question_record(entry, word(instance, points, parts))


def _verify_tables(exam: Exam, manifest: Mapping[str, Any], packs: tuple[Path, ...], out: Path) -> Iterator[Finding]:
    """The files that hold all variants."""
    variants = tuple(_task(exam, record, packs, out).variant for record in manifest["variants"])
    for name, expected in manifest["files"].items():
        try:
            if name == ANSWERS:
                found = digest(answers_table(manifest["variants"]))
            elif name == REPORT:
                found = digest(effort_report(manifest))
            elif (which := name.removesuffix(".pdf")) in COMBINED:
                found = digest(make_combined(CombinedTask(which, exam, variants, packs, out)))
            else:
                continue
        except ExamwrightError as problem:
            yield Finding("not reproduced", name, f"cannot be built again: {problem}")
            continue
        if found != expected:
            yield Finding("not reproduced", name, "comes out with other bytes")
