"""One variant: its sheets and records as bytes, and what the manifest says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from generator.batch.candidate import identity_of
from generator.batch.error import VariantError
from generator.batch.folder import record_path, write_file
from generator.batch.plan import registry_of
from generator.errors import ExamwrightError
from generator.exam import Exam, ResolvedQuestion, Variant, resolve
from generator.exercise import effort_of
from generator.exercise.faults import faults_of
from generator.formats import json_text
from generator.formats.record import answer_record, effort_record, instance_record, points_record
from generator.sheets import SheetPair, make_sheets
from generator.typeset import typeset
from generator.wording import Worded


@dataclass(frozen=True, slots=True)
class VariantTask:
    """One variant to be built, for a worker; ``first_efforts`` are those that questions had without matching."""

    exam: Exam
    variant: Variant
    formats: tuple[str, ...]
    packs: tuple[Path, ...]
    out: Path
    first_efforts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A variant's files by their path in the output folder, and its entry in the manifest."""

    files: dict[str, bytes]
    record: dict[str, Any]


def build_variant(task: VariantTask) -> dict[str, Any]:
    """Make a variant and write its files; its manifest entry comes last and marks it as done."""
    made = make_variant(task)
    for name, data in made.files.items():
        write_file(task.out, name, data)
    write_file(task.out, record_path(task.variant.label), json_text(made.record).encode())
    return made.record


def make_variant(task: VariantTask) -> Made:
    """Make a variant in memory. Raises VariantError."""
    try:
        resolved = resolve(task.exam, registry_of(task.packs), task.variant)
    except ExamwrightError as problem:
        raise VariantError(task.variant.label, "", str(problem)) from problem
    try:
        pair = make_sheets(task.exam, task.variant, resolved)
        files = _files(task, resolved, pair)
    except ExamwrightError as problem:
        raise VariantError(task.variant.label, _culprit(task, resolved), str(problem)) from problem
    return Made(files, _record(task, resolved, pair.worded, files))


def _files(task: VariantTask, resolved: Sequence[ResolvedQuestion], pair: SheetPair) -> dict[str, bytes]:
    files = {}
    label = task.variant.label
    if "pdf" in task.formats:
        files[f"questions/{label}.pdf"] = _pdf(pair.questions)
        files[f"keys/{label}.pdf"] = _pdf(pair.key)
    if "json" in task.formats:
        records = [
            {"id": entry.id, "number": entry.number} | instance_record(entry.instance, words)
            for entry, words in zip(resolved, pair.worded, strict=True)
        ]
        files[f"records/{label}.json"] = json_text(
            {"variant": label, "code": task.variant.code, "questions": records}
        ).encode()
    return files


def _culprit(task: VariantTask, resolved: Sequence[ResolvedQuestion]) -> str:
    """The question that cannot be printed, found by printing each one alone; empty where it is not a question's fault.

    A name that the fonts cannot write, for one, keeps every question from being printed.
    """
    guilty = []
    for entry in resolved:
        try:
            _files(task, [entry], make_sheets(task.exam, task.variant, [entry]))
        except ExamwrightError:
            guilty.append(f"question {entry.number} ({entry.instance.type.slug})")
    return guilty[0] if 0 < len(guilty) < len(resolved) else ""


def _pdf(*sheets: Any) -> bytes:
    stream = BytesIO()
    typeset(sheets, stream)
    return stream.getvalue()


def _record(
    task: VariantTask, resolved: Sequence[ResolvedQuestion], worded: Sequence[Worded], files: dict[str, bytes]
) -> dict[str, Any]:
    questions = []
    for entry, words in zip(resolved, worded, strict=True):
        record = question_record(entry, words)
        questions.append({**record, "first_effort": task.first_efforts.get(entry.id, record["weighted_effort"])})
    return {
        **identification(task.variant),
        "questions": questions,
        "effort": sum(question["weighted_effort"] for question in questions),
        "files": {name: digest(data) for name, data in files.items()},
    }


def identification(variant: Variant) -> dict[str, Any]:
    """Who a variant is for and how it is called."""
    student = variant.student
    return {
        "variant": variant.label,
        "key": variant.key,
        "code": variant.code,
        "student": {"id": student.id, "name": student.name} if student else None,
    }


def question_record(entry: ResolvedQuestion, words: Worded) -> dict[str, Any]:
    """What the manifest keeps of a question: all that is needed to make it again and to mark it."""
    instance = entry.instance
    with faults_of(instance.type):
        figures = instance.exercise.figures(instance.solution)
        described = [text for name in sorted(figures) for text in (name, figures[name].description)]
        return {
            "id": entry.id,
            "number": entry.number,
            "exercise": instance.type.slug,
            "exercise_version": instance.type.version,
            "key": instance.key,
            "candidate": entry.candidate,
            "instance": identity_of(instance, words),
            "level": instance.level,
            "parameters": instance.parameters,
            "points": points_record(words.points),
            "words": _words(words.stem, words.solution_opening, *described),
            "parts": [
                {
                    "id": part.id,
                    "kind": instance.solution[part.id].kind,
                    "points": points_record(part.points),
                    "answer": answer_record(instance.solution[part.id]),
                    "words": _words(part.prompt, part.solution),
                }
                for part in words.parts
            ],
            "effort": effort_record(instance, entry.parts),
            "weighted_effort": effort_of(instance.solution, entry.parts, words.question),
            "waived": list(instance.waived),
        }


def _words(*texts: str) -> str:
    """A hash of what is printed, to compare the working of derivations too, which have no answer to compare."""
    return digest("\0".join(texts).encode())[:16]


def digest(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()
