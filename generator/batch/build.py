"""Builds all variants of an exam into a folder; can be interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from generator.batch import folder
from generator.batch.answers import answers_table
from generator.batch.combined import COMBINED, CombinedTask, build_combined
from generator.batch.error import FolderError
from generator.batch.lock import alone, refuse_busy
from generator.batch.manifest import MANIFEST, SCHEMA, formats_of, names_of
from generator.batch.matching import Choice, MatchTask, check_spread, match_variant, targets_of, without_repetitions
from generator.batch.plan import BuildPlan, identity, registry_of
from generator.batch.report import REPORT, effort_report
from generator.batch.variant import VariantTask, build_variant, digest, identification
from generator.batch.workers import Progress, Steps, Workers, silent
from generator.exam import Variant
from generator.formats import json_text

ANSWERS = "answers.csv"
TABLES = (ANSWERS, REPORT)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``efforts`` are those of the variants, ``single`` the questions that all variants share."""

    out: Path
    built: int
    kept: int
    files: tuple[str, ...]
    efforts: tuple[int, ...]
    single: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The targets of the questions, and the missing variants with their candidates, ready to be built."""

    targets: tuple[Mapping[str, Any], ...]
    tasks: tuple[VariantTask, ...]


def build(plan: BuildPlan, progress: Progress = silent) -> BuildReport:
    """Build what is missing.

    Raises FolderError, VariantError, WorkerError, and, before anything is written, DistinctError and SpreadError;
    what is done by then is kept.
    """
    wanted = identity(plan.exam, registry_of(plan.packs))
    refuse_busy(plan.out / folder.LOCK)
    contents = folder.claim(plan.out, wanted)
    kept = _kept(plan, contents)
    missing = [variant for variant in plan.variants if variant.label not in kept]
    combined = _combined(plan, contents, changed=bool(missing))
    writes = _writes(plan, contents, missing, combined)
    listed = contents.listed
    for name in writes:
        _as_built(plan, contents, name, listed.get(name))
    steps = Steps(progress, 2 * len(missing) + len(combined))
    with Workers(plan.jobs) as workers:
        matched = _match(plan, contents, kept, missing, workers, steps)
        with alone(plan.out / folder.LOCK):
            if folder.claim(plan.out, wanted) != contents:
                raise FolderError(str(plan.out), "another build has just changed it; run the same command again")
            if missing or combined or not (plan.out / MANIFEST).is_file():
                begun = {**wanted, "writes": sorted(contents.begun.union(writes))}
                folder.write_file(plan.out, folder.IDENTITY, json_text(begun).encode())
                folder.forget(plan.out, (variant.label for variant in missing))
            records = dict(kept)
            for record in steps.count(workers.run(build_variant, matched.tasks)):
                records[record["variant"]] = record
            ordered = [records[variant.label] for variant in plan.variants]
            variants = tuple(with_candidates(variant, records[variant.label]) for variant in plan.variants)
            tasks = [CombinedTask(which, plan.exam, variants, plan.packs, plan.out) for which in combined]
            files = dict(contents.files) | dict(steps.count(workers.run(build_combined, tasks)))
            _close(plan, wanted, matched.targets, ordered, files)
    names = (*sorted((*files, *TABLES)), *(name for record in ordered for name in record["files"]))
    single = tuple(target["question"] for target in matched.targets if target["single"])
    return BuildReport(plan.out, len(missing), len(kept), names, tuple(record["effort"] for record in ordered), single)


def _match(
    plan: BuildPlan,
    contents: folder.Contents,
    kept: Mapping[str, Mapping[str, Any]],
    missing: Sequence[Variant],
    workers: Workers,
    steps: Steps,
) -> Matched:
    """Choose the candidates of the missing variants. Raises DistinctError, SpreadError."""
    if not missing and contents.targets:
        return Matched(tuple(contents.targets), ())
    targets = targets_of(plan.exam, plan.packs, workers)
    tasks = [MatchTask(plan.exam, variant, targets, plan.packs) for variant in missing]
    alone = dict(steps.count(workers.run(match_variant, tasks)))
    choices = without_repetitions(tasks, alone, kept.values())
    check_spread(plan.exam, _efforts(plan, kept, choices))
    return Matched(
        tuple(asdict(target) for target in targets.values()),
        tuple(
            VariantTask(
                plan.exam,
                replace(variant, candidates={name: choice.candidate.number for name, choice in chosen.items()}),
                _formats(plan, contents, variant),
                plan.packs,
                plan.out,
                {name: choice.first_effort for name, choice in chosen.items()},
            )
            for variant, chosen in ((variant, choices[variant.label]) for variant in missing)
        ),
    )


def _efforts(
    plan: BuildPlan, kept: Mapping[str, Mapping[str, Any]], choices: Mapping[str, Mapping[str, Choice]]
) -> dict[str, int]:
    """The effort of every variant, by label."""
    return {
        variant.label: (
            kept[variant.label]["effort"]
            if variant.label in kept
            else sum(choice.candidate.effort for choice in choices[variant.label].values())
        )
        for variant in plan.variants
    }


def with_candidates(variant: Variant, record: Mapping[str, Any]) -> Variant:
    """A variant with the candidates that its manifest entry names."""
    return replace(variant, candidates={question["id"]: question["candidate"] for question in record["questions"]})


def _close(
    plan: BuildPlan,
    wanted: Mapping[str, Any],
    targets: Sequence[Mapping[str, Any]],
    records: Sequence[Mapping[str, Any]],
    files: dict[str, str],
) -> None:
    """Write what is made from all variants together; the manifest comes last."""
    manifest = {
        "schema": SCHEMA,
        **wanted,
        "exam": plan.exam.text,
        "effort_spread": str(plan.exam.effort_spread),
        "targets": targets,
        "variants": records,
    }
    tables = {ANSWERS: answers_table(records), REPORT: effort_report(manifest)}
    hashes = {name: _write_if_new(plan.out, name, data) for name, data in tables.items()}
    manifest["files"] = dict(sorted({**files, **hashes}.items()))
    _write_if_new(plan.out, MANIFEST, json_text(manifest).encode())
    folder.finish(plan.out)


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
        present = [_as_built(plan, contents, name, expected) for name, expected in record["files"].items()]
        named = all(record[key] == value for key, value in identification(variant).items())
        if all(present) and named and set(names_of(variant.label, plan.formats)) <= set(record["files"]):
            kept[variant.label] = record
    return kept


def _as_built(plan: BuildPlan, contents: folder.Contents, name: str, expected: str | None) -> bool:
    """Whether a file is there as it was built.

    Raises FolderError where it is there with other contents, or is none of the build's; but for what an interrupted
    build was just going to write.
    """
    found = folder.hash_of(plan.out / name)
    if found not in (None, expected) and name not in contents.begun:
        what = "was changed since it was built" if expected else "was there already, and is not a file of this build"
        raise FolderError(str(plan.out / name), f"{what}; move it away, or use another folder (--out)")
    return found is not None and found == expected


def _writes(
    plan: BuildPlan, contents: folder.Contents, missing: Iterable[Variant], combined: Iterable[str]
) -> tuple[str, ...]:
    """The files that the build is going to write."""
    sheets = (name for variant in missing for name in names_of(variant.label, _formats(plan, contents, variant)))
    return (*sheets, *(f"{which}.pdf" for which in combined), *TABLES)


def _formats(plan: BuildPlan, contents: folder.Contents, variant: Variant) -> tuple[str, ...]:
    """The formats asked for, and those that the variant has from an earlier build."""
    earlier = contents.variants.get(variant.label, {"files": {}})["files"]
    had = formats_of(earlier)
    return tuple(dict.fromkeys((*plan.formats, *had)))


def _combined(plan: BuildPlan, contents: folder.Contents, *, changed: bool) -> list[str]:
    """The combined files to write: asked for or there from an earlier build, and not up to date."""
    outdated = []
    for which in COMBINED:
        name = f"{which}.pdf"
        expected = contents.files.get(name)
        # What an interrupted build was going to write need not hold the variants that it has added.
        settled = not changed and name not in contents.begun
        up_to_date = expected is not None and _as_built(plan, contents, name, expected) and settled
        if (plan.combined or expected is not None) and not up_to_date:
            outdated.append(which)
    return outdated


def _write_if_new(out: Path, name: str, data: bytes) -> str:
    found = digest(data)
    if folder.hash_of(out / name) != found:
        folder.write_file(out, name, data)
    return found
