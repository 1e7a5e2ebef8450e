"""One draw for a question as the matching of variants sees it, and what the draws of a question are like."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median_low

from generator.batch.distinct import at_least
from generator.batch.plan import registry_of
from generator.exam import Asked, Exam
from generator.exercise import Instance, effort_of
from generator.exercise.faults import faults_of
from generator.wording import Worded, word

REFERENCE_DRAWS = 20
FEWEST_DRAWS = 5
REFERENCE_TRIES = 2000
"""Pinned values that break a condition make every draw try long: after so many tries the fewest draws must do."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draw for a question: its weighted effort, the branches it takes, and the identity of what is printed.

    ``tries`` is how often values were drawn for it until all conditions held.
    """

    number: int
    tries: int
    effort: int
    pattern: str
    identity: str


@dataclass(frozen=True, slots=True)
class Target:
    """What the variants of an exam are to have in common in one question.

    ``effort`` and ``pattern`` are those of a sample of reference draws, and so do not depend on which variants there
    are. ``distinct`` is how many instances with that pattern there are at least; ``single`` says that the sample had
    one instance only.
    """

    question: str
    exercise: str
    level: str
    effort: int
    pattern: str
    distinct: int
    single: bool


@dataclass(frozen=True, slots=True)
class ReferenceTask:
    """A question of an exam whose target is wanted, for a worker."""

    exam: Exam
    asked: Asked
    packs: tuple[Path, ...]


def candidate_of(asked: Asked, instance: Instance, number: int) -> Candidate:
    """What matters of a drawn instance."""
    with faults_of(instance.type):
        parts = asked.parts(instance)
        words = word(instance, None, parts)
        effort = effort_of(instance.solution, parts, words.question)
        return Candidate(number, instance.tries, effort, instance.exercise.pattern(), identity_of(instance, words))


def identity_of(instance: Instance, words: Worded) -> str:
    """A hash of what is printed of a question: equal for instances that a student cannot tell apart."""
    text = words.question
    if "](figure:" in text:
        # A figure is drawn from the values and shows more than the words say.
        text += json.dumps(instance.parameters, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def target_of(task: ReferenceTask) -> Target:
    """Draw the reference sample of a question and take its target from it."""
    asked, registry = task.asked, registry_of(task.packs)
    sample: list[Candidate] = []
    tries = 0
    while len(sample) < (REFERENCE_DRAWS if tries < REFERENCE_TRIES else FEWEST_DRAWS):
        key = f"{task.exam.seed}/reference/{asked.id}/{len(sample) + 1}"
        sample.append(candidate_of(asked, asked.draw(registry, key), 1))
        tries += sample[-1].tries
    pattern = Counter(candidate.pattern for candidate in sample).most_common(1)[0][0]
    alike = [candidate for candidate in sample if candidate.pattern == pattern]
    return Target(
        question=asked.id,
        exercise=asked.slug,
        level=asked.spec.level,
        effort=usual([candidate.effort for candidate in alike], tolerance_within(task.exam.effort_spread)),
        pattern=pattern,
        distinct=at_least(candidate.identity for candidate in alike),
        single=len({candidate.identity for candidate in sample}) == 1,
    )


def tolerance_within(spread: Fraction) -> Fraction:
    """How far, as a share of it, a question may be from its target for the totals to be within a spread.

    Where every question is within t = s / (2 + s) of its target, every total is within t of the total T of the
    targets, and so is their median; the two differ by at most 2 t T, and the median is (1 - t) T at least, so they
    differ by at most 2 t / (1 - t) = s of the median.
    """
    return spread / (2 + spread)


def usual(efforts: Sequence[int], share: Fraction) -> int:
    """The effort that most of some draws come close to; of several, the one nearest to the median."""
    middle = median_low(efforts)

    def rank(effort: int) -> tuple[int, int, int]:
        near = sum(abs(other - effort) <= share * effort for other in efforts)
        return -near, abs(effort - middle), effort

    return min(set(efforts), key=rank)
