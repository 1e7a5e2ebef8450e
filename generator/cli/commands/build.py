"""examwright build."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from generator.batch import FORMATS, BuildPlan, BuildReport, build, spread
from generator.cli.common import WithExamples, jobs_for, jobs_option, packs_option, progress_bar, warn
from generator.errors import UnknownNameError
from generator.exam import Exam, Variant, numbered_variants, read_exam, read_roster, student_variants
from generator.exercise import load_registry
from generator.typeset import printable

EXAMPLES = (
    "examwright build midterm.toml",
    "examwright build midterm.toml --variants 4 --combined",
    "examwright build midterm.toml --roster students.csv --out midterm-2026",
    "examwright build midterm.toml --variants 2 --format pdf,json --seed 7",
)


@click.command("build", cls=WithExamples, examples=EXAMPLES)
@click.argument("exam", type=click.Path(path_type=Path), metavar="EXAM.toml")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Instead of the exam file's own seed.")
@click.option(
    "--variants", type=click.IntRange(1, 50_000), metavar="N", help="So many numbered variants; 1 by default."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="One variant per student: columns id and name.",
)
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to; output/<name of the exam file> by default.",
)
@click.option(
    "--format", "formats", default="pdf", show_default=True, metavar="LIST", help="pdf, json, or both: pdf,json."
)
@click.option("--combined", is_flag=True, help="Also questions.pdf and keys.pdf with all variants, for the printer.")
@jobs_option
@packs_option
def command(
    exam: Path,
    seed: int | None,
    variants: int | None,
    roster: Path | None,
    out: Path | None,
    formats: str,
    combined: bool,
    jobs: int | None,
    packs: tuple[Path, ...],
) -> None:
    """Build the question sheets and answer keys of an exam.

    The same exam and seed give the same files, whatever --jobs is. A build that was interrupted goes on where it
    stopped when the command is run again; a folder that holds anything else is left alone.
    """
    if variants is not None and roster is not None:
        raise click.UsageError("give either --variants or --roster, not both")
    wanted = tuple(dict.fromkeys(name.strip() for name in formats.split(",")))
    for name in wanted:
        if name not in FORMATS:
            raise UnknownNameError("--format", "format", name, FORMATS)
    if combined and "pdf" not in wanted:
        raise click.UsageError("--combined goes with --format pdf")
    checked, warnings = read_exam(exam, load_registry(packs), seed)
    warn(warnings)
    who = _variants(checked, variants, roster)
    warn(_blank_names(roster, who))
    folder = out or Path("output") / exam.stem
    plan = BuildPlan(checked, who, folder, wanted, combined, jobs_for(jobs, len(who), 6), packs)
    with progress_bar("building") as progress:
        report = build(plan, progress)
    _tell(report, len(who))


def _variants(exam: Exam, count: int | None, roster: Path | None) -> tuple[Variant, ...]:
    return student_variants(exam, read_roster(roster)) if roster else numbered_variants(exam, count or 1)


def _blank_names(roster: Path | None, variants: Iterable[Variant]) -> list[str]:
    """Warnings about names and ids that the fonts cannot print."""
    return [
        f"{roster}, line {student.line}: the fonts cannot print {text!r}; the sheet has a blank line in its place, "
        "to be filled in by hand"
        for student in (variant.student for variant in variants)
        if student
        for text in (student.name, student.id)
        if not printable(text)
    ]


def _tell(report: BuildReport, count: int) -> None:
    """Where things are, on stdout; what was done, on stderr."""
    folders = sorted({name.split("/")[0] for name in report.files if "/" in name})
    for name in folders:
        click.echo(f"{report.out / name}/")
    for name in [*(name for name in report.files if "/" not in name), "manifest.json"]:
        click.echo(report.out / name)
    kept = f", {report.kept} kept from before" if report.kept else ""
    least, most = min(report.efforts), max(report.efforts)
    work = (
        f"effort {least}" if least == most else f"effort {least} to {most}, spread {100 * spread(report.efforts):.1f} %"
    )
    noun = "variant" if count == 1 else "variants"
    click.echo(f"{count} {noun}: {report.built} built{kept}; {work}", err=True)
    if report.single and count > 1:
        names = ", ".join(report.single)
        click.echo(f"the same in all variants, as their settings allow one instance only: {names}", err=True)
