"""examwright show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import click

from generator.cli.common import (
    WithExamples,
    complete_level,
    complete_slug,
    level_named,
    packs_option,
    warn,
    write_result,
)
from generator.cli.settings import pins_of, settings_option
from generator.errors import UnknownNameError
from generator.exam import Exam, numbered_variants, resolve, single_exam
from generator.exercise import Instance, Registry, load_registry, make_instance
from generator.formats import instance_record, instance_text, json_text
from generator.wording import word

FORMATS = ("text", "json", "jsonl", "pdf")


EXAMPLES = (
    "examwright show convolution/conv2d",
    "examwright show convolution/conv2d --level hard --seed 7 --format pdf -o conv2d.pdf",
    "examwright show convolution/conv2d --set 'kernel=[[1,0],[2,1]]'",
    "examwright show likelihood/mle-estimator --set family=exponential",
    "examwright show convolution/conv2d --count 100 --format jsonl -o conv2d.jsonl",
)


@click.command("show", cls=WithExamples, examples=EXAMPLES)
@click.argument("slug", shell_complete=complete_slug)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="The seed.")
@click.option("--count", type=click.IntRange(1, 10_000), metavar="K", help="How many instances; 1 by default.")
@click.option(
    "--level",
    default="medium",
    show_default=True,
    metavar="LEVEL",
    shell_complete=complete_level,
    help="easy, medium or hard.",
)
@settings_option
@click.option("--part", "parts", multiple=True, metavar="PART", help="Only this part; may be given several times.")
@click.option("--format", "form", default="text", show_default=True, metavar="FORMAT", help="text, json, jsonl or pdf.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file instead of stdout."
)
@packs_option
def command(
    slug: str,
    seed: int,
    count: int | None,
    level: str,
    settings: tuple[str, ...],
    parts: tuple[str, ...],
    form: str,
    output: Path | None,
    packs: tuple[Path, ...],
) -> None:
    """Draw an exercise and show it with its solution.

    With --format json one record is printed, with --count a list of them; docs/record.md explains it.

    """
    if form not in FORMATS:
        raise UnknownNameError("--format", "format", form, FORMATS)
    pins = pins_of(settings)
    registry = load_registry(packs)
    kind = registry.get(slug)
    at, number = level_named(level), count or 1
    instances = [make_instance(kind, f"{seed}/{place}/{slug}", at, pins) for place in range(1, number + 1)]
    chosen = _parts(instances[0], parts)
    waived = dict.fromkeys(text for instance in instances for text in instance.waived)
    warn([f"{slug}: the pinned values break this: {text}" for text in waived])
    if form == "pdf":
        write_result(_pdf(single_exam(kind, at, seed, pins, chosen), registry, number), output)
        return
    write_result(_text(instances, chosen, form, many=count is not None), output)


def _parts(instance: Instance, parts: Sequence[str]) -> tuple[str, ...] | None:
    valid = instance.solution.part_ids
    for part in parts:
        if part not in valid:
            raise UnknownNameError("--part", "part", part, valid)
    return tuple(part for part in valid if part in parts) or None


def _text(instances: Sequence[Instance], parts: tuple[str, ...] | None, form: str, *, many: bool) -> str:
    if form == "text":
        return "\n".join(instance_text(instance, word(instance, None, parts)) for instance in instances)
    records = [instance_record(instance, word(instance, None, parts)) for instance in instances]
    if form == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return json_text(records if many else records[0])


def _pdf(exam: Exam, registry: Registry, count: int) -> bytes:
    from generator.sheets import make_sheets
    from generator.typeset import typeset

    pairs = [make_sheets(exam, variant, resolve(exam, registry, variant)) for variant in numbered_variants(exam, count)]
    stream = BytesIO()
    typeset([sheet for pair in pairs for sheet in (pair.questions, pair.key)], stream)
    return stream.getvalue()
