"""The gate: many draws of an exercise type, and whether every one of them could be handed out."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from textwrap import shorten
from types import MappingProxyType
from typing import Any

from generator.batch.candidate import identity_of
from generator.batch.inspection import inspect
from generator.batch.plan import registry_of
from generator.batch.tally import FREQUENT, Answers, GateResult
from generator.batch.workers import Progress, run, silent
from generator.document.markdown import read_markdown
from generator.draw import Level
from generator.errors import DisagreementError, DrawError, ExamwrightError, TimeLimitError
from generator.exam import ResolvedQuestion, numbered_variants, single_exam
from generator.exercise import ExerciseType, Instance, effort_of, make_instance
from generator.exercise.tampering import path_text, unnoticed
from generator.exercise.time_limit import time_limit
from generator.notation import canonical, plain
from generator.sheets import make_sheets
from generator.typeset import typeset
from generator.wording import Worded, word

CHUNK = 250
TAMPERED = 10
"""Of the first draws of a level, so many have their answers changed, entry by entry, to see whether a check notices."""
LONGEST_MESSAGE = 300
LONGEST_ANSWER = 60


@dataclass(frozen=True, slots=True)
class GateTask:
    """Some draws of one exercise type at one level, for a worker."""

    slug: str
    level: Level
    seed: int
    start: int
    count: int
    sheets: int
    read: int
    packs: tuple[Path, ...]
    pins: Mapping[str, Any]


def run_gate(
    slugs: Sequence[str],
    levels: Sequence[Level],
    draws: int,
    *,
    seed: int = 1,
    sheets: int = 0,
    read: int = 1000,
    jobs: int = 1,
    packs: tuple[Path, ...] = (),
    pins: Mapping[str, Any] = MappingProxyType({}),
    progress: Progress = silent,
) -> list[GateResult]:
    """Draw each type ``draws`` times at each level; one result per type and level, in the order asked for.

    Of each, the formulas with letters of the first ``read`` draws are read as well, and the first ``sheets`` are
    typeset, question sheet and key; with the first few it is tried whether the checks notice a wrong answer. ``pins``
    are parameters that all draws share.
    """
    tasks = [
        GateTask(slug, level, seed, start, min(CHUNK, draws - start), sheets, read, packs, dict(pins))
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
        _one(kind, task, number, result)
    for answers in result.answers.values():
        answers.different = len(answers.frequent)
        # The others are too many to keep and too rare to matter.
        worth = max(2, FREQUENT / 2 * answers.draws)
        answers.frequent = Counter({text: count for text, count in answers.frequent.items() if count >= worth})
    return result


def _one(kind: ExerciseType, task: GateTask, number: int, result: GateResult) -> None:
    """Count in one draw. Raises TimeLimitError: a type that never ends cannot pass."""
    key = f"{task.seed}/{number}/{kind.slug}"
    result.draws += 1
    try:
        with time_limit(kind.slug):
            _tried(kind, task, number, key, result)
    except TimeLimitError:
        raise
    except ExamwrightError as problem:
        message = str(problem)
        _failed(result, _kind_of(problem), message if key in message else f"{key!r}: {message}")
    except Exception as problem:  # an exercise type may fail in any way, and the gate is there to tell
        _failed(result, type(problem).__name__, f"{key!r}: {problem}")


def _tried(kind: ExerciseType, task: GateTask, number: int, key: str, result: GateResult) -> None:
    begin = time.perf_counter()
    instance = make_instance(kind, key, task.level, task.pins)
    result.milliseconds.append(1000 * (time.perf_counter() - begin))
    words = _read(instance)
    inspection = inspect(instance, words, formulas=number < task.read)
    result.links += inspection.links
    result.read += number < task.read
    result.judged += inspection.judged
    result.compared += inspection.compared
    result.misses += len(inspection.misses)
    if inspection.faults:
        fault = inspection.faults[0]
        _failed(result, fault.kind, f"{key!r}: {fault.text}")
        return
    if instance.waived:
        _failed(result, "waived", f"{key!r}: {instance.waived[0]}")
        return
    if number < TAMPERED and (path := next(unnoticed(instance.exercise, instance.solution), None)):
        _failed(result, "unchecked answer", f"{key!r}: no check notices a wrong answer to {path_text(path)}")
        return
    if number < task.sheets:
        _print(instance)
        result.sheets += 1
    result.tries += instance.tries
    result.most_tries = max(result.most_tries, instance.tries)
    result.forms.add(tuple((part.id, part.points) for part in instance.solution.parts))
    _count(instance, words, result)


def _count(instance: Instance, words: Worded, result: GateResult) -> None:
    """Count in what a sound instance is like."""
    solution = instance.solution
    result.identities[identity_of(instance, words)] += 1
    effort = effort_of(solution, solution.part_ids, words.question)
    result.efforts[instance.exercise.pattern(), effort] += 1
    for part in solution.parts:
        if part.kind == "choice":
            result.choices.setdefault(part.id, Counter())[str(part.answer)] += 1
        elif part.answer is not None:
            text = json.dumps(plain(canonical(part.answer)))
            answers = result.answers.setdefault(part.id, Answers())
            answers.draws += 1
            answers.frequent[text if len(text) <= LONGEST_ANSWER else _digest(text)] += 1


def _digest(text: str) -> str:
    return f"{text[:LONGEST_ANSWER]}… ({hashlib.sha256(text.encode()).hexdigest()[:8]})"


def _read(instance: Instance) -> Worded:
    """Word the instance, which adds up the marks, and read what comes out as the sheets do."""
    words = word(instance)
    figures = instance.exercise.figures(instance.solution)
    texts: Iterable[str] = (words.stem, words.solution_opening)
    for part in words.parts:
        texts = (*texts, part.prompt, part.solution)
    for text in texts:
        read_markdown(text, figures)
    return words


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
