"""Chooses the candidate that each variant gets for each question: equal effort for all, the same instance for no two.

Candidates are tried in order, and the first one close enough to the question's target is taken. What a target is
depends on no variant, so a variant gets the same questions whoever else there is; only where two would share an
instance does the later one in the roster go on to its next candidate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from generator.batch.candidate import Candidate, ReferenceTask, Target, candidate_of, target_of, tolerance_within
from generator.batch.error import BranchError, DistinctError, SpreadError, VariantError
from generator.batch.plan import registry_of
from generator.batch.workers import Workers
from generator.errors import ExamwrightError
from generator.exam import Asked, Exam, Variant, all_asked, asked_of, candidate_key

CANDIDATES = 40
TRIES = 3000
"""After so many candidates, or so many tries at them, the nearest that takes the same branches is taken."""

BRANCH_CANDIDATES = 400
"""So many candidates are tried to find one that takes the same branches; a branch of 5 % comes up in all but never."""

PATIENCE = 10
"""So many draws per instance that is taken before a question is said to have no further ones."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a variant gets for a question; ``first_effort`` is what it would have had without matching."""

    candidate: Candidate
    first_effort: int


@dataclass(frozen=True, slots=True)
class MatchTask:
    """A variant whose candidates are to be chosen, as if it were the only one, for a worker."""

    exam: Exam
    variant: Variant
    targets: Mapping[str, Target]
    packs: tuple[Path, ...]


def targets_of(exam: Exam, packs: tuple[Path, ...], workers: Workers) -> dict[str, Target]:
    """The target of every question, in the order of the exam."""
    tasks = [ReferenceTask(exam, asked, packs) for asked in all_asked(exam)]
    found = {target.question: target for target in workers.run(target_of, tasks)}
    return {task.asked.id: found[task.asked.id] for task in tasks}


def match_variant(task: MatchTask) -> tuple[str, dict[str, Choice]]:
    """The label of a variant and its choices by question id, other variants not considered."""
    try:
        return task.variant.label, {asked.id: choose(task, asked) for asked in asked_of(task.exam, task.variant)}
    except ExamwrightError as problem:
        raise VariantError(task.variant.label, "", str(problem)) from problem


def choose(task: MatchTask, asked: Asked, taken: Collection[str] = ()) -> Choice:
    """The first candidate for a question that is close to its target and none of those ``taken``.

    Where none of the first `CANDIDATES` is close enough, the nearest of those that take the target's branches. Raises
    BranchError where no candidate takes them, DistinctError where only taken ones do.
    """
    target = task.targets[asked.id]
    room = tolerance_within(task.exam.effort_spread) * target.effort
    best: tuple[int, Candidate] | None = None
    first_effort = tries = 0
    for candidate in _candidates(task, asked):
        if candidate.number == 1:
            first_effort = candidate.effort
        if candidate.identity not in taken:
            distance = abs(candidate.effort - target.effort)
            if candidate.pattern == target.pattern:
                if distance <= room:
                    return Choice(candidate, first_effort)
                if best is None or distance < best[0]:
                    best = (distance, candidate)
        tries += candidate.tries
        if best and (candidate.number >= CANDIDATES or tries >= TRIES):
            return Choice(best[1], first_effort)
        if candidate.number >= max(BRANCH_CANDIDATES, PATIENCE * len(taken)):
            if taken:
                raise DistinctError(asked.id, asked.slug, asked.spec.level, len(taken), candidate.number)
            raise BranchError(asked.id, asked.slug, asked.spec.level, target.pattern, candidate.number)
    raise AssertionError("there is always another candidate")


def _candidates(task: MatchTask, asked: Asked) -> Iterator[Candidate]:
    registry = registry_of(task.packs)
    number = 0
    while True:
        number += 1
        instance = asked.draw(registry, candidate_key(task.exam, task.variant, asked.id, number))
        yield candidate_of(asked, instance, number)


def without_repetitions(
    tasks: Sequence[MatchTask], choices: Mapping[str, Mapping[str, Choice]], kept: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Choice]]:
    """Choices in which no two variants share an instance of a question.

    The variants come in the order of ``tasks``, and ``choices`` has what each would get alone; manifest entries of
    variants that exist already come first. Questions that have a single instance are left as they are.
    """
    taken: dict[str, set[str]] = {}
    for record in kept:
        for question in record["questions"]:
            taken.setdefault(question["id"], set()).add(question["instance"])
    settled: dict[str, dict[str, Choice]] = {}
    for task in tasks:
        label = task.variant.label
        settled[label] = dict(choices[label])
        for asked in asked_of(task.exam, task.variant):
            used = taken.setdefault(asked.id, set())
            if task.targets[asked.id].single:
                continue
            if settled[label][asked.id].candidate.identity in used:
                settled[label][asked.id] = choose(task, asked, used)
            used.add(settled[label][asked.id].candidate.identity)
    return settled


def check_spread(exam: Exam, efforts: Mapping[str, int]) -> None:
    """Raise SpreadError for the variant furthest from the median, where that is further than the exam allows."""
    middle = Fraction(median(efforts.values()))
    worst = max(efforts, key=lambda label: abs(efforts[label] - middle))
    if abs(efforts[worst] - middle) > exam.effort_spread * middle:
        pools = any(question.is_pool for question in exam.questions)
        raise SpreadError(worst, efforts[worst], float(middle), float(exam.effort_spread), pools)


def spread(efforts: Collection[int]) -> float:
    """The largest distance from the median, as a share of the median."""
    middle = median(efforts)
    return max(abs(effort - middle) for effort in efforts) / middle
