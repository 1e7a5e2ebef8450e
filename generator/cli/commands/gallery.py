"""examwright gallery."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click

from generator.cli.common import (
    WithExamples,
    complete_level,
    level_named,
    packs_option,
    progress_bar,
    write_result,
)
from generator.exercise import load_registry

EXAMPLES = (
    "examwright gallery",
    "examwright gallery --level hard --seed 7 -o hard.pdf",
    "examwright gallery --pack my-exercises -o mine.pdf",
)


@click.command("gallery", cls=WithExamples, examples=EXAMPLES)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("gallery.pdf"),
    show_default=True,
    metavar="FILE",
    help="The PDF to write.",
)
@click.option(
    "--level",
    default="medium",
    show_default=True,
    metavar="LEVEL",
    shell_complete=complete_level,
    help="easy, medium or hard.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="The seed.")
@packs_option
def command(output: Path, level: str, seed: int, packs: tuple[Path, ...]) -> None:
    """Print every exercise type with its key in one PDF.

    By topic, with a table of contents and bookmarks.
    """
    from generator.gallery import drawn, gallery_sheet
    from generator.typeset import typeset

    at = level_named(level)
    kinds = tuple(load_registry(packs))
    instances = []
    with progress_bar("drawing") as progress:
        for kind in kinds:
            instances.append(drawn(kind, at, seed))
            progress(len(instances), len(kinds))
    stream = BytesIO()
    typeset([gallery_sheet(instances, at, seed)], stream)
    write_result(stream.getvalue(), output)
    click.echo(output)
