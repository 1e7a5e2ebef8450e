"""An instance as plain text: Markdown with TeX, as one reads it in a terminal or pastes it into a forum."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.exercise import Instance, Slip
from generator.exercise.faults import faults_of
from generator.exercise.marks import counted
from generator.figure import Figure
from generator.formats.answer import answer_tex
from generator.formats.guard import refuse_wrong_lines
from generator.wording import Worded, word

_FIGURE = re.compile(r"!\[([^\]]*)\]\(figure:([\w-]+)\)")
_MARK = re.compile(r"\[([^\]]*)\]\(#mark\)")
_BLANK_LINES = re.compile(r"\n{3,}")


def instance_text(instance: Instance, worded: Worded | None = None) -> str:
    """Question and worked solution of an instance; figures appear as their descriptions."""
    words = worded or word(instance)
    refuse_wrong_lines(instance, words)
    with faults_of(instance.type):
        return _text(instance, words)


def _text(instance: Instance, words: Worded) -> str:
    figures = instance.exercise.figures(instance.solution)
    pieces = [
        f"# {instance.type.about.title}",
        f"{instance.type.slug}, level {instance.level}, stream {instance.key}, {counted(words.points, 'point')}",
        "## Question",
        words.stem,
        *(f"**({part.id})** {part.prompt} ({counted(part.points, 'point')})" for part in words.parts),
        "## Solution",
        words.solution_opening,
        *(f"**({part.id})** {part.solution}" for part in words.parts),
        *_slips(instance, words),
    ]
    text = "\n\n".join(piece for piece in pieces if piece)
    return _BLANK_LINES.sub("\n\n", _readable(text, figures)) + "\n"


def _readable(text: str, figures: Mapping[str, Figure]) -> str:
    def described(match: re.Match[str]) -> str:
        figure = figures.get(match[2])
        caption = f"{match[1]}: " if match[1] else ""
        return f"[Figure: {caption}{figure.description if figure else match[2]}]"

    return _MARK.sub(r"[\1]", _FIGURE.sub(described, text))


def _slips(instance: Instance, words: Worded) -> list[str]:
    asked = {part.id for part in words.parts}
    rows = [
        f"- ({slip.part}) {slip.name}: {_slip_value(instance, slip)}" for slip in instance.slips if slip.part in asked
    ]
    return ["## Wrong methods and what they give", "\n".join(rows)] if rows else []


def _slip_value(instance: Instance, slip: Slip) -> str:
    return f"${slip.tex or answer_tex(slip.value, instance.solution[slip.part].names)}$"
