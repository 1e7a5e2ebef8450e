"""Instances that are made again with a fault in the code: what they said before, what they say now, how it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generator.batch.inspection import inspect
from generator.draw import LEVELS, Level
from generator.errors import ConditionError, DisagreementError, PinError, ReplayError
from generator.exercise import Instance, Registry, make_instance
from generator.exercise.fields import parse_pins
from generator.exercise.registry import ExerciseType
from generator.formats.guard import refuse_wrong_lines
from generator.notation import canonical, plain
from generator.solver.agreement import differ
from generator.wording import word

FORM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Seen:
    """What an instance says: answers by part, and hashes or texts of everything else."""

    answers: Mapping[str, Any]
    question: str
    working: str
    marking: str
    slips: str
    figures: str

    def differences(self, other: Seen) -> tuple[str, ...]:
        """The names of what differs; an answer that is equal in another form counts as working."""
        found = [name for name in ("question", "working", "marking", "slips", "figures") if self._has(name, other)]
        if not same_answers(self.answers, other.answers):
            return ("answers", *found)
        if repr(self.answers) != repr(other.answers) and "working" not in found:
            found.append("working")
        return tuple(found)

    def _has(self, name: str, other: Seen) -> bool:
        return bool(getattr(self, name) != getattr(other, name))


@dataclass(frozen=True, slots=True)
class Case:
    """An instance to be made again: its parameters, and what it says without a fault."""

    slug: str
    key: str
    level: Level
    parameters: Mapping[str, Any]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: how it ended, what differed, and whether the gate's reading of the text found it.

    ``line off`` is the end where a build's own replay finds an equality between numbers that does not hold.
    """

    end: Literal["made", "disagreement", "line off", "crash", "refused"]
    changed: tuple[str, ...] = ()
    replayed: bool = False
    message: str = ""


def make_cases(registry: Registry, slugs: Sequence[str], instances: int) -> list[Case]:
    """Some instances of each type at each level, made a second time from their parameters."""
    cases = []
    for slug in slugs:
        kind = registry.get(slug)
        for level in LEVELS:
            for number in range(instances):
                key = f"mutants/{number}/{slug}"
                parameters = make_instance(kind, key, level).parameters
                again = make_instance(kind, key, level, parameters)
                cases.append(Case(slug, key, level, parameters, see(again)))
    return cases


def see(instance: Instance) -> Seen:
    """Everything that an instance says."""
    words = word(instance)
    solution = instance.solution
    marks = [(part.id, part.kind, part.points, part.places, part.tolerance, part.tex) for part in solution.parts]
    slips = [(slip.part, slip.name, plain(canonical(slip.value))) for slip in instance.slips]
    figures = repr(sorted(instance.exercise.figures(solution).items()))
    return Seen(
        _answers(instance),
        words.question,
        "\n".join((words.solution_opening, *(part.solution for part in words.parts))),
        repr(marks),
        repr(slips),
        hashlib.sha256(figures.encode()).hexdigest(),
    )


def _answers(instance: Instance) -> dict[str, Any]:
    return {part.id: canonical(part.answer) for part in instance.solution.parts}


def same_answers(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two solutions have the same answers, be it in another form."""
    if repr(one) == repr(other):
        return True
    if one.keys() != other.keys():
        return False
    return all(repr(one[part]) == repr(other[part]) or _equal(one[part], other[part]) for part in one)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    try:
        return differ(one, other, FORM_TOLERANCE) is None
    except (TypeError, ValueError):
        pass
    try:
        return bool((one - other).doit().simplify() == 0)
    except (AttributeError, TypeError):
        return False


def retry(registry: Registry, case: Case) -> Outcome:
    """Make an instance again and say what became of it."""
    kind: ExerciseType | None = None
    try:
        kind = registry.get(case.slug)
        instance = make_instance(kind, case.key, case.level, case.parameters)
        if instance.parameters != case.parameters:
            return Outcome("refused", message="other values were drawn than those that were pinned")
        seen = see(instance)
        changed = case.seen.differences(seen)
        words = word(instance)
        try:
            refuse_wrong_lines(instance, words)
        except ReplayError as problem:
            return Outcome("line off", changed, replayed=True, message=str(problem))
        replayed = bool(changed) and bool(inspect(instance, words).faults)
    except DisagreementError as problem:
        wrong = kind is None or not same_answers(case.seen.answers, _solved(kind, case))
        return Outcome("disagreement", ("answers",) if wrong else (), message=str(problem))
    except (PinError, ConditionError) as problem:
        return Outcome("refused", message=str(problem))
    except Exception as problem:  # a fault may break the code in any way
        return Outcome("crash", message=f"{type(problem).__name__}: {problem}")
    return Outcome("made", changed, replayed)


def _solved(kind: ExerciseType, case: Case) -> dict[str, Any]:
    """The answers on which the routes disagree."""
    solution = kind.cls(**parse_pins(kind.slug, kind.cls, case.parameters)).solve()
    return {part.id: canonical(part.answer) for part in solution.parts}
