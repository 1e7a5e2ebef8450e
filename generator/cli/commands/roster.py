"""examwright roster."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import WithExamples, write_new
from generator.exam.sample import roster_text, sample_roster

EXAMPLES = (
    "examwright roster --count 12 --seed 7",
    "examwright roster --count 300 -o roster.csv",
)


@click.command("roster", cls=WithExamples, examples=EXAMPLES)
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=12, show_default=True, metavar="N", help="How many students."
)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, metavar="N", help="The seed.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write to a new file instead of stdout."
)
def command(count: int, seed: int, output: Path | None) -> None:
    """Make up a roster to try things out with."""
    text = roster_text(sample_roster(count, seed))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_new(text, output)
