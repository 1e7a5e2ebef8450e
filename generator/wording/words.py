"""The words of an instance: its template rendered whole, split into parts, with marks scaled to the points."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import jinja2

from generator.errors import TemplateError, UnknownNameError
from generator.exercise import Instance, Solution
from generator.exercise.faults import faults_of
from generator.exercise.marks import counted, share
from generator.exercise.registry import templates_folder
from generator.exercise.rounding import accepted
from generator.wording.environment import environment
from generator.wording.sandbox import joined, limited_range

_PART = re.compile(r"^## \((\w+)\)[ \t]*\n?", re.MULTILINE)
_MARK = re.compile(r"\[(\d+)\]\(#mark\)")
_QUESTION, _SOLUTION = "=== question ===\n", "=== solution ===\n"


@dataclass(frozen=True, slots=True)
class WordedPart:
    """One part in words: what is asked, for how many points, and the worked solution, both Markdown with TeX."""

    id: str
    points: Fraction
    prompt: str
    solution: str


@dataclass(frozen=True, slots=True)
class Worded:
    """An exercise in words. ``opening`` of a solution is what stands before its first part."""

    stem: str
    parts: tuple[WordedPart, ...]
    solution_opening: str

    @property
    def points(self) -> Fraction:
        """All points together."""
        return sum((part.points for part in self.parts), Fraction(0))

    @property
    def question(self) -> str:
        """The whole question as one Markdown text."""
        parts = (f"**({part.id})** {part.prompt}" for part in self.parts)
        return "\n\n".join(text for text in (self.stem, *parts) if text)


def word(instance: Instance, points: Fraction | None = None, parts: Sequence[str] | None = None) -> Worded:
    """Render the template of an instance.

    ``parts`` selects some of the parts (they keep their letters); ``points`` is what those are worth together, by
    default the sum of their weights. Raises TemplateError where the template breaks its contract, UnknownNameError
    for a part that does not exist, PackError where a pack's solution does not hold what it should.
    """
    with faults_of(instance.type):
        return _worded(instance, points, parts)


def _worded(instance: Instance, points: Fraction | None, parts: Sequence[str] | None) -> Worded:
    slug = instance.type.slug
    ids = instance.solution.part_ids
    chosen = ids if parts is None else tuple(parts)
    for name in chosen:
        if name not in ids:
            raise UnknownNameError(slug, "part", name, ids)
    question, solution = _render(instance, chosen)
    stem, prompts = _split(question)
    opening, solutions = _split(solution)
    for found, what in ((prompts, "question"), (solutions, "solution")):
        if tuple(found) != ids:
            problem = f"the {what} has the parts {', '.join(found)} where the solution has {', '.join(ids)}"
            raise TemplateError(slug, None, problem)
    weights = [instance.solution[name].points for name in chosen]
    shares = share(Fraction(sum(weights)) if points is None else points, weights)
    worded = []
    for name, weight, worth in zip(chosen, weights, shares, strict=True):
        worked = _with_marks(slug, name, solutions[name], weight, worth)
        worded.append(WordedPart(name, worth, prompts[name], worked + _accepted(instance.solution, name)))
    return Worded(stem, tuple(worded), opening)


def _render(instance: Instance, asked: tuple[str, ...]) -> tuple[str, str]:
    kind = instance.type
    folders = (kind.template_path.parent.parent, templates_folder())
    name = f"{kind.template_path.parent.name}/{kind.template_path.name}"
    try:
        template = environment(folders).get_template(name)
        pieces = template.generate(q=instance.exercise, s=instance.solution, asked=asked, range=limited_range())
        text = joined(pieces)
    except TemplateError:
        raise
    except jinja2.TemplateSyntaxError as problem:
        raise TemplateError(kind.slug, problem.lineno, problem.message or "syntax error") from problem
    except jinja2.TemplateError as problem:
        raise TemplateError(kind.slug, _line_of(problem), problem.message or "cannot be rendered") from problem
    except Exception as problem:  # a filter may meet anything that a template hands to it
        raise TemplateError(kind.slug, _line_of(problem), f"{type(problem).__name__}: {problem}") from problem
    before, found, rest = text.partition(_QUESTION)
    question, found_too, solution = rest.partition(_SOLUTION)
    if not found or not found_too or before.strip():
        raise TemplateError(kind.slug, 1, 'it must start with <% extends "layout/exercise.md.j2" %>')
    return question, solution


def _accepted(solution: Solution, name: str) -> str:
    """What the marker accepts of an answer in decimals, as a paragraph of the solution; else nothing."""
    part = solution[name]
    if part.places is None:
        return ""
    found = accepted(solution, part, part.places)
    how = "with 2, 3 or 4 decimal places at each step, or with all that a calculator has,"
    if not found.spread:
        return f"\n\n*Rounding.* Working {how} gives the same."
    if len(found.shown) == 1:
        low, high = found.interval
        return f"\n\n*Rounding.* Accept ${low}$ to ${high}$: working {how} ends there."
    return f"\n\n*Rounding.* Accept each number within ${found.spread}$ of the one given: working {how} ends there."


def _line_of(problem: BaseException) -> int | None:
    """The template's own line: the innermost frame whose file is a template."""
    frames = traceback.extract_tb(problem.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename.endswith(".j2")), None)


def _split(text: str) -> tuple[str, dict[str, str]]:
    pieces = _PART.split(text)
    return pieces[0].strip(), {name: body.strip() for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def _with_marks(slug: str, part: str, text: str, weight: int, worth: Fraction) -> str:
    weights = [int(found) for found in _MARK.findall(text)]
    if sum(weights) != weight:
        raise TemplateError(slug, None, f"the marks of part {part} add up to {sum(weights)}, its points are {weight}")
    marks = iter(share(worth, weights))
    return _MARK.sub(lambda _: f"[{counted(next(marks), 'mark')}](#mark)", text)
