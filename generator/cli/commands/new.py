"""examwright new."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import WithExamples, quoted
from generator.cli.skeleton import write_skeleton

EXAMPLES = (
    "examwright new regression/lasso",
    'examwright new clustering/k-means --title "One step of k-means" --pack my-exercises',
)


@click.command("new", cls=WithExamples, examples=EXAMPLES)
@click.argument("slug")
@click.option("--title", metavar="TEXT", help="What the sheet calls the exercise; made from the slug by default.")
@click.option(
    "--pack",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write into a pack of your own instead of the checkout.",
)
def command(slug: str, title: str | None, pack: Path | None) -> None:
    """Start a new exercise type from a skeleton.

    The skeleton is a small exercise that works and passes its tests.
    """
    paths = write_skeleton(slug, title, pack)
    for path in paths:
        click.echo(path)
    option = f" --pack {quoted(pack)}" if pack else ""
    _, _, test, *_ = paths
    click.echo(f"try it: examwright show {slug}{option}", err=True)
    click.echo(f"        examwright check {slug}{option}", err=True)
    click.echo(f"        python -m pytest {quoted(test)}", err=True)
