"""What can be wrong with a finished instance, looked at from outside: its printed working, its roundings, its slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from generator.exercise import Instance, Part
from generator.notation import canonical
from generator.replay import Miss, replay
from generator.wording import Worded
from generator.working import lines_in


@dataclass(frozen=True, slots=True)
class Fault:
    """Something for which an instance must not be handed out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """How many printed equalities were recomputed, which do not hold, and what else is wrong."""

    links: int
    misses: tuple[Miss, ...]
    faults: tuple[Fault, ...]


def inspect(instance: Instance, words: Worded) -> Inspection:
    """Replay the working, and look for answers that rounding or a slip puts in doubt."""
    found = [(part.id, replay(part.solution)) for part in words.parts]
    found.insert(0, ("the opening", replay(words.solution_opening)))
    misses = [(part, miss) for part, replayed in found for miss in replayed.misses]
    return Inspection(
        sum(replayed.links for _, replayed in found),
        tuple(miss for _, miss in misses),
        (
            *(Fault("line off", f"part {part}: {miss}") for part, miss in misses[:1]),
            *(fault for part in instance.solution.parts for fault in _rounding(part)),
            *_slips(instance),
        ),
    )


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
