"""examwright list."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import WithExamples, packs_option
from generator.errors import UnknownNameError
from generator.exercise import load_registry
from generator.formats import json_text

EXAMPLES = (
    "examwright list",
    "examwright list --topic convolution",
    "examwright list --json",
)


@click.command("list", cls=WithExamples, examples=EXAMPLES)
@click.option("--topic", metavar="TOPIC", help="Only the exercise types of one topic, such as 'convolution'.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with parameters.")
@packs_option
def command(topic: str | None, as_json: bool, packs: tuple[Path, ...]) -> None:
    """List the exercise types: slug and title."""
    kinds = list(load_registry(packs))
    topics = tuple(sorted({kind.topic for kind in kinds}))
    if topic is not None and topic not in topics:
        raise UnknownNameError("--topic", "topic", topic, topics)
    chosen = [kind for kind in kinds if topic in (None, kind.topic)]
    if as_json:
        from generator.exercise.fields import parameter_types

        rows = [
            {
                "exercise": kind.slug,
                "title": kind.about.title,
                "topic": kind.topic,
                "source": list(kind.about.source),
                "version": kind.version,
                "parameters": list(parameter_types(kind.cls)),
            }
            for kind in chosen
        ]
        click.echo(json_text(rows), nl=False)
        return
    width = max(len(kind.slug) for kind in chosen)
    for kind in chosen:
        click.echo(f"{kind.slug:{width}}  {kind.about.title}")
