"""Whether an answer is what the kind of its part says, and exact: nobody has proved a float."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from generator.exact import Log
from generator.exercise.contract import FREE_KINDS, Kind, Part
from generator.exercise.rounding import entries
from generator.notation import Value, is_symbolic

KINDS: tuple[Kind, ...] = get_args(Kind)
LETTERS = "ABCDEFGHIJ"


def problem_of(part: Part) -> str | None:
    """What is wrong with the answer of a part, in a few words, or None."""
    if part.kind not in KINDS:
        return f"the kind {part.kind!r} does not exist; choose one of: {', '.join(KINDS)}"
    if part.kind in FREE_KINDS:
        return None if part.answer is None else f"a {part.kind} has a model solution instead of an answer: say None"
    if floating := _float_in(part.answer):
        return f"the answer must be exact, and {floating} is a float; use int, Fraction or a SymPy number"
    if not _fits(part.kind, part.answer):
        return f"the answer is no {part.kind}: {str(part.answer)[:80]}"
    if part.places is not None and len(part.results) != len(entries(part.answer)):
        return f"it asks for {part.places} decimals: say in results= which worked line gives each entry of the answer"
    return None


def _fits(kind: Kind, answer: Value) -> bool:
    match kind:
        case "integer":
            return type(answer) is int
        case "number":
            return _is_number(answer)
        case "choice":
            return isinstance(answer, str) and len(answer) == 1 and answer in LETTERS
        case "vector":
            return isinstance(answer, tuple) and bool(answer) and all(map(_is_number, answer))
        case "matrix":
            return _is_matrix(answer)
        case "tensor":
            nested = isinstance(answer, tuple) and bool(answer)
            return nested and (_is_matrix(answer) or all(_fits(kind, entry) for entry in answer))
        case "table":
            return isinstance(answer, Mapping) and bool(answer) and all(isinstance(name, str) for name in answer)
    return answer is not None


def _is_matrix(answer: Value) -> bool:
    return (
        isinstance(answer, tuple)
        and bool(answer)
        and all(isinstance(row, tuple) and bool(row) and all(map(_is_number, row)) for row in answer)
        and len({len(row) for row in answer}) == 1
    )


def _is_number(value: Value) -> bool:
    if is_symbolic(value):
        return not value.free_symbols
    return isinstance(value, int | Fraction | Decimal | Log) and not isinstance(value, bool)


def _float_in(value: Value) -> str | None:
    """The first float at any depth, as it would be printed; also one inside a SymPy expression."""
    if isinstance(value, Mapping):
        return next(filter(None, map(_float_in, value.values())), None)
    if isinstance(value, tuple | list):
        return next(filter(None, map(_float_in, value)), None)
    if is_symbolic(value):
        from sympy import Float

        return next((str(number) for number in value.atoms(Float)), None) if hasattr(value, "atoms") else None
    return str(value) if isinstance(value, float | complex) else None
