"""Whether the second route looks at every answer: each entry is changed in turn, and some check has to notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from generator.exact import Log
from generator.exercise.contract import Exercise, Solution
from generator.notation import Value

Path: TypeAlias = tuple[str | int, ...]
"""The name of a part, then the names and places (from 0) that lead to one entry of its answer."""


def unnoticed(exercise: Exercise, solution: Solution) -> Iterator[Path]:
    """The entries of the answers of which a check of the exercise accepts a wrong value as well, in order.

    An entry is made larger by 1 (large numbers by more, so that no tolerance covers it) and turned into its opposite, a
    letter into another one; everything else is left alone.
    A check that fails with an error has noticed. The solution itself must be one with which the checks agree.
    """
    for part in solution.parts:
        if part.answer is None:
            continue
        for path in _entries(part.answer):
            changed = _with_changes(part.answer, path)
            if any(_accepted(exercise, _with_answer(solution, part.id, answer)) for answer in changed):
                yield (part.id, *path)


def path_text(path: Path) -> str:
    """Where an entry is, in words: ``part b, entry r``; places are counted from 1."""
    part, *inner = path
    names = (str(name + 1 if isinstance(name, int) else name) for name in inner)
    return f"part {part}" + (f", entry {', '.join(names)}" if inner else "")


def _entries(answer: Value) -> Iterator[Path]:
    if isinstance(answer, Mapping | tuple | list):
        pairs = answer.items() if isinstance(answer, Mapping) else enumerate(answer)
        for name, value in pairs:
            yield from ((name, *path) for path in _entries(value))
    else:
        yield ()


def _with_changes(answer: Value, path: Path) -> Iterator[Value]:
    """The answer with every other value that is tried for the entry."""
    if not path:
        yield from _other_values(answer)
        return
    name, *rest = path
    for changed in _with_changes(answer[name], tuple(rest)):
        if isinstance(answer, Mapping):
            yield {**answer, name: changed}
        else:
            yield type(answer)(changed if place == name else value for place, value in enumerate(answer))


def _other_values(value: Value) -> Iterator[Value]:
    match value:
        case str():
            yield "B" if value == "A" else "A"
        case Log():
            yield -value
            yield Log(3 * value.argument if value.argument != Fraction(1, 3) else Fraction(1, 2))
        case int() | Fraction() | Decimal():
            yield value + (1 + abs(int(value)) // 10)
            if value:
                yield -value
        case _:
            yield from _other_expressions(value)


def _other_expressions(value: Value) -> Iterator[Value]:
    """For a SymPy expression, or a SymPy matrix, all of whose entries are changed."""
    import sympy

    yield value + (sympy.ones(*value.shape) if getattr(value, "shape", ()) else 1)
    if value != 0 * value:
        yield -value


def _with_answer(solution: Solution, part: str, answer: Value) -> Solution:
    parts = (replace(one, answer=answer) if one.id == part else one for one in solution.parts)
    return replace(solution, parts=tuple(parts))


def _accepted(exercise: Exercise, solution: Solution) -> bool:
    try:
        return all(check.agreed for check in exercise.check(solution))
    except Exception:  # a check may fail in any way over an answer that makes no sense
        return False
