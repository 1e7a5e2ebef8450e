"""Builds all variants of an exam into a folder; can be interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from generator.batch import folder
from generator.batch.answers import answers_table
from generator.batch.error import FolderError
from generator.batch.manifest import MANIFEST, SCHEMA
from generator.batch.plan import BuildPlan, identity, registry_of
from generator.batch.variant import VariantTask, build_variant, digest, identification
from generator.batch.workers import Progress, run, silent
from generator.exam import Exam, Variant, resolve
from generator.formats import json_text
from generator.sheets import make_sheets
from generator.typeset import typeset

COMBINED = ("questions", "keys")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``effort`` is the least and the most hand operations that a variant takes."""

    out: Path
    built: int
    kept: int
    files: tuple[str, ...]
    effort: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CombinedTask:
    """All question sheets, or all keys, in one file."""

    which: str
    exam: Exam
    variants: tuple[Variant, ...]
    packs: tuple[Path, ...]
    out: Path


def build(plan: BuildPlan, progress: Progress = silent) -> BuildReport:
    """Build what is missing. Raises FolderError, VariantError, WorkerError; what is done by then is kept."""
    wanted = identity(plan.exam, registry_of(plan.packs))
    contents = folder.claim(plan.out, wanted)
    kept = _kept(plan, contents)
    missing = [variant for variant in plan.variants if variant.label not in kept]
    combined = _combined(plan, contents, changed=bool(missing))
    if "answers.csv" in contents.files:
        _unchanged(plan.out, "answers.csv", contents.files["answers.csv"])
    steps = len(missing) + len(combined)
    if missing or combined or not (plan.out / MANIFEST).is_file():
        folder.write_file(plan.out, folder.IDENTITY, json_text(wanted).encode())
    records = dict(kept)
    tasks = [
        VariantTask(plan.exam, variant, _formats(plan, contents, variant), plan.packs, plan.out) for variant in missing
    ]
    done = 0
    for record in run(build_variant, tasks, plan.jobs):
        records[record["variant"]] = record
        done += 1
        progress(done, steps)
    files = dict(contents.files)
    for name, found in run(build_combined, combined, plan.jobs):
        files[name] = found
        done += 1
        progress(done, steps)
    ordered = [records[variant.label] for variant in plan.variants]
    files["answers.csv"] = _write_if_new(plan.out, "answers.csv", answers_table(ordered))
    _write_if_new(plan.out, MANIFEST, json_text(_manifest(plan, wanted, ordered, files)).encode())
    folder.finish(plan.out)
    efforts = [record["effort"] for record in ordered]
    names = (*sorted(files), *(name for record in ordered for name in record["files"]))
    return BuildReport(plan.out, len(missing), len(kept), names, (min(efforts), max(efforts)))


def _kept(plan: BuildPlan, contents: folder.Contents) -> dict[str, Mapping[str, Any]]:
    """The finished variants that are as they should be; a file that someone has changed is an error."""
    labels = {variant.label for variant in plan.variants}
    if others := sorted(set(contents.variants) - labels):
        which = f"{len(others)} variant{'s' if len(others) > 1 else ''} that this build does not have"
        raise FolderError(str(plan.out), f"holds {which} ({', '.join(others[:3])}); use another folder (--out)")
    kept = {}
    for variant in plan.variants:
        record = contents.variants.get(variant.label)
        if record is None:
            continue
        # Every file is looked at, so that a changed one is found before anything is built.
        present = [_unchanged(plan.out, name, expected) for name, expected in record["files"].items()]
        named = all(record[key] == value for key, value in identification(variant).items())
        if all(present) and named and set(_names(variant, plan.formats)) <= set(record["files"]):
            kept[variant.label] = record
    return kept


def _unchanged(out: Path, name: str, expected: str) -> bool:
    """Whether a file is there as it was built. Raises FolderError where it is there with other contents."""
    found = folder.hash_of(out / name)
    if found not in (None, expected):
        raise FolderError(
            str(out / name), "was changed since it was built; move it away, or use another folder (--out)"
        )
    return found is not None


def _names(variant: Variant, formats: tuple[str, ...]) -> Iterator[str]:
    if "pdf" in formats:
        yield f"questions/{variant.label}.pdf"
        yield f"keys/{variant.label}.pdf"
    if "json" in formats:
        yield f"records/{variant.label}.json"


def _formats(plan: BuildPlan, contents: folder.Contents, variant: Variant) -> tuple[str, ...]:
    """The formats asked for, and those that the variant has from an earlier build."""
    earlier = contents.variants.get(variant.label, {"files": {}})["files"]
    had = formats_of(earlier)
    return tuple(dict.fromkeys((*plan.formats, *had)))


def formats_of(files: Mapping[str, str]) -> tuple[str, ...]:
    """The formats that a variant's files are in."""
    folders = {name.split("/")[0] for name in files}
    return tuple(name for name, place in (("pdf", "questions"), ("json", "records")) if place in folders)


def _combined(plan: BuildPlan, contents: folder.Contents, *, changed: bool) -> list[CombinedTask]:
    """The combined files to write: asked for or there from an earlier build, and not up to date."""
    tasks = []
    for which in COMBINED:
        expected = contents.files.get(f"{which}.pdf")
        up_to_date = expected is not None and _unchanged(plan.out, f"{which}.pdf", expected) and not changed
        if (plan.combined or expected is not None) and not up_to_date:
            tasks.append(CombinedTask(which, plan.exam, plan.variants, plan.packs, plan.out))
    return tasks


def build_combined(task: CombinedTask) -> tuple[str, str]:
    """Write one combined file; its name and hash."""
    name = f"{task.which}.pdf"
    data = make_combined(task)
    folder.write_file(task.out, name, data)
    return name, digest(data)


def make_combined(task: CombinedTask) -> bytes:
    """All question sheets, or all keys, one after the other as one PDF."""
    registry = registry_of(task.packs)
    pairs = (make_sheets(task.exam, variant, resolve(task.exam, registry, variant)) for variant in task.variants)
    stream = BytesIO()
    typeset([pair.questions if task.which == "questions" else pair.key for pair in pairs], stream)
    return stream.getvalue()


def _manifest(
    plan: BuildPlan, wanted: Mapping[str, Any], records: list[Mapping[str, Any]], files: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        **wanted,
        "exam": plan.exam.text,
        "variants": records,
        "files": dict(sorted(files.items())),
    }


def _write_if_new(out: Path, name: str, data: bytes) -> str:
    found = digest(data)
    if folder.hash_of(out / name) != found:
        folder.write_file(out, name, data)
    return found
