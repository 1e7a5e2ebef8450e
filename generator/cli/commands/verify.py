"""examwright verify."""

from __future__ import annotations

from pathlib import Path

import click

from generator.batch import verify
from generator.batch.report import counted
from generator.cli.common import WithExamples, jobs_for, jobs_option, packs_option, progress_bar

CHECK_FAILED = 3


EXAMPLES = ("examwright verify output/midterm",)


@click.command("verify", cls=WithExamples, examples=EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@jobs_option
@packs_option
def command(folder: Path, jobs: int | None, packs: tuple[Path, ...]) -> int:
    """Rebuild an exam from its manifest and compare.

    Nothing is written; what differs is listed with the reason.

    Exit code 3 if a file is missing, was changed, or does not come out with the same bytes.
    """
    with progress_bar("verifying") as progress:
        report = verify(folder, packs, jobs_for(jobs, 2, 1), progress)
    for finding in report.findings:
        click.echo(f"{finding.kind}: {finding.where}: {finding.text}")
    if report.changes:
        click.echo("built with other versions:")
        for change in report.changes:
            click.echo(f"  {change}")
    elif any(finding.kind == "not reproduced" for finding in report.findings):
        click.echo("the versions are those of the build: please report what is not reproduced")
    click.echo(
        f"{counted(report.variants, 'variant')}, {counted(report.files, 'file')}: "
        + ("all there, unchanged, and the same again byte for byte" if report.passed else "NOT as they were built")
    )
    return 0 if report.passed else CHECK_FAILED
