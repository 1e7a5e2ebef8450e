"""An instance as a JSON record, from which an outsider can recompute every answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from generator import notation
from generator.exercise import Instance, Part
from generator.exercise.faults import faults_of
from generator.formats.answer import answer_tex
from generator.formats.guard import refuse_wrong_lines
from generator.wording import Worded, word

SCHEMA = "examwright/instance/1"


def record_schema() -> dict[str, Any]:
    """The JSON Schema that every record satisfies."""
    text = (Path(__file__).parent / "instance.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def instance_record(instance: Instance, worded: Worded | None = None) -> dict[str, Any]:
    """The record of an instance; ``worded`` chooses parts and points, by default all parts at their weights.

    Numbers in ``parameters``, ``exact`` and ``slips`` are strings that SymPy parses; see docs/record.md.
    """
    words = worded or word(instance)
    refuse_wrong_lines(instance, words)
    with faults_of(instance.type):
        asked = [part.id for part in words.parts]
        figures = instance.exercise.figures(instance.solution)
        return {
            "schema": SCHEMA,
            "exercise": instance.type.slug,
            "exercise_version": instance.type.version,
            "key": instance.key,
            "level": instance.level,
            "parameters": instance.parameters,
            "question": words.question,
            "parts": [part_record(instance, words, name) for name in asked],
            "effort": effort_record(instance, asked),
            "checks": [
                {"part": check.part, "route": check.route, "agreed": check.agreed}
                for check in instance.checks
                if check.part in asked
            ],
            "figures": {name: figure.description for name, figure in figures.items()},
            "waived": list(instance.waived),
        }


def part_record(instance: Instance, words: Worded, name: str) -> dict[str, Any]:
    """The record of one part: what is asked, the answer, what slips give, the worked solution."""
    part = instance.solution[name]
    worded = next(entry for entry in words.parts if entry.id == name)
    return {
        "id": part.id,
        "kind": part.kind,
        "prompt": worded.prompt,
        "points": points_record(worded.points),
        "answer": answer_record(part),
        "slips": [
            {"name": slip.name, "exact": notation.plain(slip.value)} for slip in instance.slips if slip.part == part.id
        ],
        "solution": worded.solution,
    }


def answer_record(part: Part) -> dict[str, Any] | None:
    """The answer of a part in all its forms; None for a derivation or figure, which the solution itself answers."""
    if part.answer is None:
        return None
    return {
        "exact": notation.plain(part.answer),
        "tex": part.tex or answer_tex(part.answer, part.names),
        "decimal": notation.decimal_form(part.answer),
        "tolerance": part.tolerance,
    }


def points_record(points: Fraction) -> str:
    """Points as SymPy parses them: ``2``, ``5/2``."""
    return str(points)


def effort_record(instance: Instance, parts: Sequence[str]) -> dict[str, int]:
    """The hand operations of some parts by kind, in alphabetical order."""
    return {kind: count for kind, count in sorted(instance.solution.operations(parts).items()) if count}
