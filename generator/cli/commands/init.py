"""examwright init."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import WithExamples, quoted, write_new
from generator.exercise.registry import templates_folder

EXAMPLES = (
    "examwright init",
    "examwright init midterm.toml",
)


@click.command("init", cls=WithExamples, examples=EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path), default=Path("exam.toml"))
def command(file: Path) -> None:
    """Write a commented exam file to start from.

    An existing file is never overwritten.
    """
    write_new((templates_folder() / "exams" / "midterm.toml").read_text(encoding="utf-8"), file)
    click.echo(file)
    click.echo(f"edit it, then: examwright build {quoted(file)} --variants 4", err=True)
