"""What can be wrong with a finished instance, looked at from outside: its printed working, its roundings, its slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from generator.exercise import Instance, Part
from generator.notation import canonical
from generator.replay import Miss, Reading, read, replay
from generator.wording import Worded
from generator.working import lines_in

_FIGURE = re.compile(r"\]\(figure:([\w-]+)\)")


NOTHING_READ = Reading(0, 0, 0, (), (), ())


@dataclass(frozen=True, slots=True)
class Fault:
    """Something for which an instance must not be handed out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """How many printed equalities were recomputed, which do not hold, and what else is wrong.

    ``links`` counts those between numbers, ``judged`` those between formulas with letters, ``compared`` the formulas
    whose value at the given numbers was compared with what is printed beside them.
    """

    links: int
    judged: int
    compared: int
    misses: tuple[Miss, ...]
    faults: tuple[Fault, ...]


def inspect(instance: Instance, words: Worded, *, formulas: bool = True) -> Inspection:
    """Replay the working, and look for answers that rounding or a slip puts in doubt.

    ``formulas`` asks for the second reader, of formulas with letters, which takes most of the time.
    """
    found = [(part.id, replay(part.solution)) for part in words.parts]
    found.insert(0, ("the opening", replay(words.solution_opening)))
    misses = [(part, miss) for part, replayed in found for miss in replayed.misses]
    reading = reading_of(instance, words) if formulas else NOTHING_READ
    return Inspection(
        sum(replayed.links for _, replayed in found),
        reading.judged,
        reading.compared,
        (*(miss for _, miss in misses), *reading.misses),
        (
            *(Fault("line off", f"part {part}: {miss}") for part, miss in misses[:1]),
            *(Fault("line off", str(miss)) for miss in reading.misses[:1]),
            *(Fault("number not in the question", str(stray)) for stray in reading.strays[:1]),
            *(fault for part in instance.solution.parts for fault in _rounding(part)),
            *_slips(instance),
        ),
    )


def reading_of(instance: Instance, words: Worded) -> Reading:
    """What the second reader makes of an instance."""
    solutions = (words.solution_opening, *(part.solution for part in words.parts))
    return read(words.question, solutions, _told(instance, words))


def _told(instance: Instance, words: Worded) -> list[str]:
    """The figures of the question in words."""
    figures = instance.exercise.figures(instance.solution)
    return [figures[name].description for name in _FIGURE.findall(words.question)]


def _rounding(part: Part) -> Iterator[Fault]:
    """An answer is in doubt where the working goes on from a rounded result and nothing is said of a tolerance."""
    if part.answer is None or Decimal(part.tolerance) > 0:
        return
    lines = list(lines_in(part.work))
    inexact = {line.result for line in lines if line.relation != "="}
    for line in lines:
        used = [leaf.number for leaf in line.work.leaves() if isinstance(leaf.number, Decimal)]
        if number := next((number for number in used if number in inexact), None):
            yield Fault("rounding", f"part {part.id} goes on from the rounded {number} without a tolerance: {line.tex}")
            return


def _slips(instance: Instance) -> Iterator[Fault]:
    for slip in instance.slips:
        if canonical(slip.value) == canonical(instance.solution[slip.part].answer):
            yield Fault("slip", f"part {slip.part}: {slip.name!r} gives the right answer")
    for one, other in combinations((slip for slip in instance.slips if slip.apart), 2):
        if one.part == other.part and canonical(one.value) == canonical(other.value):
            yield Fault("slip", f"part {one.part}: {one.name!r} and {other.name!r} give the same")
