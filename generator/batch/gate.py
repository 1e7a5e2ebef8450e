"""The gate: many draws of an exercise type, and whether every one of them could be handed out."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from statistics import median
from textwrap import shorten
from typing import Any

from generator.batch.plan import registry_of
from generator.batch.workers import Progress, run, silent
from generator.document.markdown import read_markdown
from generator.draw import Level
from generator.errors import DisagreementError, DrawError, ExamwrightError
from generator.exam import ResolvedQuestion, numbered_variants, single_exam
from generator.exercise import ExerciseType, Instance, make_instance
from generator.sheets import make_sheets
from generator.typeset import typeset
from generator.wording import word

CHUNK = 250
DISTINCT_SHARE = 0.3
MOST_DISTINCT_WANTED = 300
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class GateTask:
    """Some draws of one exercise type at one level, for a worker."""

    slug: str
    level: Level
    seed: int
    start: int
    count: int
    sheets: int
    packs: tuple[Path, ...]


@dataclass(slots=True)
class GateResult:
    """What the draws of one exercise type at one level showed.

    ``sheets`` counts the draws that were typeset; ``failures`` counts the draws with an error by its kind, ``examples``
    has the first message of each kind; ``milliseconds`` has the time that each draw took, solved and checked;
    ``distinct`` holds hashes of the parameters, ``forms`` the parts with their points.
    """

    slug: str
    level: Level
    draws: int = 0
    tries: int = 0
    most_tries: int = 0
    sheets: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    distinct: set[bytes] = field(default_factory=set)
    forms: set[tuple[tuple[str, int], ...]] = field(default_factory=set)
    efforts: list[int] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """The draws without an error."""
        return self.draws - self.failures.total()

    @property
    def wanted_distinct(self) -> int:
        """How many different instances are asked for: 300 of 1,000 draws at level medium."""
        if self.level != "medium":
            return 1
        return max(1, min(MOST_DISTINCT_WANTED, int(DISTINCT_SHARE * self.draws)))

    @property
    def reasons(self) -> list[str]:
        """Why the gate is closed; empty where it is open."""
        found = [f"{count} × {kind}: {self.examples[kind]}" for kind, count in sorted(self.failures.items())]
        if self.accepted and len(self.distinct) < self.wanted_distinct:
            found.append(
                f"{len(self.distinct)} distinct instances in {self.draws} draws; wanted {self.wanted_distinct}"
            )
        if len(self.forms) > 1:
            found.append(f"the parts or their points change from draw to draw: {sorted(self.forms)[:2]}")
        return found

    @property
    def passed(self) -> bool:
        """Whether every draw could be handed out."""
        return not self.reasons

    def summary(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        accepted = max(1, self.accepted)
        return {
            "exercise": self.slug,
            "level": self.level,
            "passed": self.passed,
            "draws": self.draws,
            "failures": dict(sorted(self.failures.items())),
            "tries_per_draw": round(self.tries / accepted, 2),
            "most_tries": self.most_tries,
            "sheets": self.sheets,
            "distinct": len(self.distinct),
            "milliseconds": round(median(self.milliseconds), 3) if self.milliseconds else None,
            "effort": [min(self.efforts), max(self.efforts)] if self.efforts else None,
            "reasons": self.reasons,
        }

    def add(self, other: GateResult) -> None:
        """Count other draws of the same type and level in."""
        self.draws += other.draws
        self.tries += other.tries
        self.sheets += other.sheets
        self.most_tries = max(self.most_tries, other.most_tries)
        self.failures += other.failures
        self.examples = other.examples | self.examples
        self.milliseconds += other.milliseconds
        self.distinct |= other.distinct
        self.forms |= other.forms
        self.efforts += other.efforts


def run_gate(
    slugs: Sequence[str],
    levels: Sequence[Level],
    draws: int,
    *,
    seed: int = 1,
    sheets: int = 0,
    jobs: int = 1,
    packs: tuple[Path, ...] = (),
    progress: Progress = silent,
) -> list[GateResult]:
    """Draw each type ``draws`` times at each level; one result per type and level, in the order asked for.

    The first ``sheets`` draws of each are also typeset, question sheet and key.
    """
    tasks = [
        GateTask(slug, level, seed, start, min(CHUNK, draws - start), sheets, packs)
        for slug in slugs
        for level in levels
        for start in range(0, draws, CHUNK)
    ]
    results = {(slug, level): GateResult(slug, level) for slug in slugs for level in levels}
    done = 0
    for part in run(run_task, tasks, jobs):
        results[part.slug, part.level].add(part)
        done += part.draws
        progress(done, draws * len(results))
    return list(results.values())


def run_task(task: GateTask) -> GateResult:
    """Draw, solve, check and word some instances."""
    kind = registry_of(task.packs).get(task.slug)
    result = GateResult(task.slug, task.level)
    for number in range(task.start, task.start + task.count):
        _one(kind, task.seed, number, task.level, result, printed=number < task.sheets)
    return result


def _one(kind: ExerciseType, seed: int, number: int, level: Level, result: GateResult, *, printed: bool) -> None:
    key = f"{seed}/{number}/{kind.slug}"
    result.draws += 1
    begin = time.perf_counter()
    try:
        instance = make_instance(kind, key, level)
        result.milliseconds.append(1000 * (time.perf_counter() - begin))
        _read(instance)
        if printed:
            _print(instance)
            result.sheets += 1
    except ExamwrightError as problem:
        message = str(problem)
        _failed(result, _kind_of(problem), message if key in message else f"{key!r}: {message}")
        return
    except Exception as problem:  # an exercise type may fail in any way, and the gate is there to tell
        _failed(result, type(problem).__name__, f"{key!r}: {problem}")
        return
    result.tries += instance.tries
    result.most_tries = max(result.most_tries, instance.tries)
    result.distinct.add(_digest(instance))
    result.forms.add(tuple((part.id, part.points) for part in instance.solution.parts))
    result.efforts.append(instance.solution.operations().total())


def _read(instance: Instance) -> None:
    """Word the instance, which adds up the marks, and read what comes out as the sheets do."""
    words = word(instance)
    figures = instance.exercise.figures(instance.solution)
    texts: Iterable[str] = (words.stem, words.solution_opening)
    for part in words.parts:
        texts = (*texts, part.prompt, part.solution)
    for text in texts:
        read_markdown(text, figures)


def _print(instance: Instance) -> None:
    """Typeset the instance as question sheet and key, which finds formulas and tables that are too wide."""
    exam = single_exam(instance.type, instance.level, 0)
    (variant,) = numbered_variants(exam, 1)
    parts = instance.solution.part_ids
    points = Fraction(sum(part.points for part in instance.solution.parts))
    pair = make_sheets(exam, variant, [ResolvedQuestion("gate", 1, 0, instance, points, parts, False)])
    typeset((pair.questions, pair.key), BytesIO())


def _kind_of(problem: ExamwrightError) -> str:
    if isinstance(problem, DrawError):
        return "no draw"
    return "disagreement" if isinstance(problem, DisagreementError) else type(problem).__name__


def _failed(result: GateResult, kind: str, message: str) -> None:
    result.failures[kind] += 1
    result.examples.setdefault(kind, shorten(message, LONGEST_MESSAGE, placeholder=" …"))


def _digest(instance: Instance) -> bytes:
    text = json.dumps(instance.parameters, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def bound(draws: int) -> float:
    """The share of faulty draws excluded, with 95 % confidence, by so many faultless ones (rule of three)."""
    return min(1.0, 3 / draws)
