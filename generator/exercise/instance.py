"""From a key, a level and pinned values to one drawn, solved and checked instance of an exercise type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

from generator.draw import Draw, Level
from generator.errors import AnswerError, ConditionError, DisagreementError, DrawError
from generator.exercise.answers import problem_of
from generator.exercise.contract import (
    FREE_KINDS,
    Check,
    Condition,
    Exercise,
    Slip,
    Solution,
    collisions,
    repetitions,
    wanted,
)
from generator.exercise.faults import faults_of
from generator.exercise.fields import parameter_types, parameters_of, parse_pins
from generator.exercise.registry import ExerciseType
from generator.exercise.rounding import rounding_conditions, with_tolerances
from generator.notation import Value, canonical
from generator.working import lines_in

TRIES = 2000
"""Candidates drawn before a condition is called impossible; the types need a few."""

PINNED_TRIES = 300
"""The same with values pinned, which often settle a condition once and for all."""

PINNED_SOLVED = 60
"""Of those, so many are solved at most: solving is the slow part, and a pinned value may spoil all solutions alike."""

LARGEST = 100
"""No number in a worked line is larger than this, so that everything can be done by hand."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A drawn exercise with its agreed solution.

    ``waived`` names the conditions of quality that pinned values break; ``tries`` counts candidates drawn.
    """

    type: ExerciseType
    key: str
    level: Level
    exercise: Exercise
    solution: Solution
    slips: tuple[Slip, ...]
    checks: tuple[Check, ...]
    waived: tuple[str, ...]
    tries: int

    @property
    def parameters(self) -> dict[str, Any]:
        """All parameters in the form in which they can be pinned."""
        found: dict[str, Any] = parameters_of(self.exercise)
        return found


def make_instance(kind: ExerciseType, key: str, level: Level, pins: Mapping[str, Any] | None = None) -> Instance:
    """Draw until every condition holds, solve, and have the independent route agree.

    Conditions of quality that the pinned values themselves break are waived and named in the instance.
    Raises PinError, UnknownNameError, ConditionError (pinned values that cannot work), DrawError, DisagreementError,
    AnswerError (an exercise type that breaks its contract), PackError (one that fails).
    """
    with faults_of(kind):
        return _made(kind, key, level, pins or {})


def _made(kind: ExerciseType, key: str, level: Level, pins: Mapping[str, Any]) -> Instance:
    parsed = parse_pins(kind.slug, kind.cls, pins)
    d = Draw(key, parsed)
    # With everything pinned there is nothing to draw: the first candidate is the only one.
    tries = 1 if set(parsed) == set(parameter_types(kind.cls)) else PINNED_TRIES if parsed else TRIES
    refused: Counter[Condition] = Counter()
    last: Exercise | None = None
    solved = 0
    for attempt in range(1, tries + 1):
        candidate = kind.cls.draw(d, level)
        broken = _worst_broken(candidate.conditions()) if parsed else _first_broken(candidate.conditions())
        if broken is None:
            solution, slips = _solved(kind, candidate)
            broken = _first_broken(_of_solution(solution, slips))
            if broken is None:
                return _checked(kind, key, level, candidate, solution, slips, (), attempt)
            solved += 1
        if not broken.strict:
            last = candidate
        refused[broken] += 1
        if parsed and solved == PINNED_SOLVED:
            break
    if last is not None and parsed:
        solution, slips = _solved(kind, last)
        conditions = chain(last.conditions(), _of_solution(solution, slips))
        waived = tuple(condition.text for condition in conditions if not condition.holds)
        return _checked(kind, key, level, last, solution, slips, waived, attempt)
    worst = refused.most_common(1)[0][0]
    if parsed:
        raise ConditionError(kind.slug, worst.text, tuple(parsed))
    raise DrawError(kind.slug, key, worst.text, tries)


def _first_broken(conditions: Iterable[Condition]) -> Condition | None:
    return next((condition for condition in conditions if not condition.holds), None)


def _worst_broken(conditions: Iterable[Condition]) -> Condition | None:
    """The first strict condition that is broken, else the first broken one: none may hide a strict one after it.

    Nothing is looked at after a broken strict condition, since later ones may rely on it.
    """
    worst = None
    for condition in conditions:
        if not condition.holds:
            if condition.strict:
                return condition
            worst = worst or condition
    return worst


def _of_solution(solution: Solution, slips: Sequence[Slip]) -> Iterable[Condition]:
    yield wanted(f"no number in the working is larger than {LARGEST}", _largest(solution) <= LARGEST)
    yield from collisions(solution, slips)
    yield from repetitions(solution)
    yield from rounding_conditions(solution, slips)


def _solved(kind: ExerciseType, candidate: Exercise) -> tuple[Solution, tuple[Slip, ...]]:
    solution = candidate.solve()
    for part in solution.parts:
        if problem := problem_of(part):
            raise AnswerError(kind.slug, part.id, problem)
    return with_tolerances(solution), tuple(candidate.slips())


def _largest(solution: Solution) -> float:
    values = (value for part in (solution.work, *(part.work for part in solution.parts)) for value in _numbers(part))
    return max((abs(float(value)) for value in values), default=0.0)


def _numbers(work: Mapping[str, Value]) -> Iterable[Value]:
    for entry in lines_in(work):
        numbers = [leaf.number for leaf in entry.work.leaves()] + [entry.result]
        yield from (number for number in numbers if isinstance(number, int | Fraction))


@lru_cache(maxsize=4096)
def _must_cover(part_kinds: tuple[tuple[str, str], ...], checked: frozenset[str]) -> tuple[str, ...]:
    return tuple(part for part, kind in part_kinds if kind not in FREE_KINDS and part not in checked)


def _checked(
    kind: ExerciseType,
    key: str,
    level: Level,
    candidate: Exercise,
    solution: Solution,
    slips: tuple[Slip, ...],
    waived: tuple[str, ...],
    tries: int,
) -> Instance:
    checks = tuple(candidate.check(solution))
    for check in checks:
        if not check.agreed:
            raise DisagreementError(kind.slug, key, check.part, check.route, check.exact, check.found)
    uncovered = _must_cover(
        tuple((part.id, part.kind) for part in solution.parts), frozenset(check.part for check in checks)
    )
    if uncovered:
        raise DisagreementError(kind.slug, key, uncovered[0], "no independent route", "an answer", "nothing")
    if waived:
        # Where pinned values have a slip give the right answer, nothing can be said of those who made it.
        slips = tuple(slip for slip in slips if canonical(slip.value) != canonical(solution[slip.part].answer))
    return Instance(kind, key, level, candidate, solution, slips, checks, waived, tries)
