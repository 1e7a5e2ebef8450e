"""The parameters of an exercise: read from pinned JSON by the declared types, written back for the records."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, Protocol, TypeVar

from generator.errors import PinError, UnknownNameError
from generator.exact import MOST_DIGITS, Log, Number, normal_form, parse_number
from generator.exercise.contract import Exercise
from generator.exercise.shown import shown
from generator.notation import plain

LONGEST = 10_000
"""How many entries a pinned list may have; more is a mistake, and would only cost time."""


class Constraint(Protocol):
    """What an ``Annotated`` field demands beyond its type."""

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number within bounds, both included."""

    low: int
    high: int

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        inside = self.low <= float(value) <= self.high
        return None if inside else f"expected a number from {self.low} to {self.high}, got {value}"


@dataclass(frozen=True, slots=True)
class Length:
    """A list with so many entries."""

    low: int
    high: int

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        count = len(value)
        wanted = str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
        return None if self.low <= count <= self.high else f"expected {wanted} entries, got {count}"


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """A list of numbers for which a number alone may be pinned when there is but one."""

    def problem(self, value: Any) -> str | None:
        """Nothing is wrong with a list."""
        del value
        return None


@dataclass(frozen=True, slots=True)
class Rectangular:
    """A matrix: rows of equal length, at least one entry, at most ``largest`` rows and columns."""

    largest: int = 12

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        if not value or not value[0]:
            return "expected a matrix with at least one entry"
        if any(len(row) != len(value[0]) for row in value):
            return "expected rows of equal length"
        if max(len(value), len(value[0])) > self.largest:
            return f"expected at most {self.largest} rows and columns"
        return None


class _ProblemError(Exception):
    """What is wrong with a value, and where inside it."""


@lru_cache(maxsize=512)
def _types(cls: type) -> Mapping[str, Any]:
    return typing.get_type_hints(cls, include_extras=True)


def parameter_types(cls: type) -> Mapping[str, Any]:
    """The declared type of every parameter of an exercise type, by name."""
    hints = _types(cls)
    return {field.name: hints[field.name] for field in fields(cls)}


def parse_pins(slug: str, cls: type[Exercise], pins: Mapping[str, Any]) -> dict[str, object]:
    """Pinned parameters as values of their declared types.

    Raises UnknownNameError for a name that is no parameter, PinError for a value of the wrong type, shape or range.
    """
    declared = parameter_types(cls)
    parsed: dict[str, object] = {}
    for name, value in pins.items():
        if name not in declared:
            raise UnknownNameError(slug, "parameter", str(name), tuple(declared))
        try:
            parsed[name] = _parse(declared[name], value)
        except _ProblemError as problem:
            raise PinError(slug, name, str(problem)) from None
    return parsed


def _parse(declared: Any, value: Any) -> Any:
    origin = typing.get_origin(declared)
    if origin is Annotated:
        inner, *constraints = typing.get_args(declared)
        alone = isinstance(value, int | float | str) and not isinstance(value, bool)
        parsed = _parse(inner, [value] if alone and OneOrMore() in constraints else value)
        for constraint in constraints:
            if problem := constraint.problem(parsed):
                raise _ProblemError(problem)
        return parsed
    if origin is tuple:
        return _parse_tuple(typing.get_args(declared), value)
    if origin is Literal:
        options = typing.get_args(declared)
        if value not in options:
            raise _ProblemError(f"expected one of {', '.join(map(str, options))}, got {shown(value)}")
        return value
    if origin in (types.UnionType, typing.Union):
        return _parse_union(typing.get_args(declared), value)
    if is_dataclass(declared) and isinstance(declared, type) and declared is not Log:
        return _parse_object(declared, value)
    return _parse_scalar(declared, value)


def _parse_union(members: tuple[Any, ...], value: Any) -> Any:
    if type(None) in members:
        if value is None:
            return None
        members = tuple(member for member in members if member is not type(None))
        if len(members) == 1:
            return _parse(members[0], value)
    number = _number(value)
    for member in members:
        if member is Fraction and isinstance(number, int):
            return number
        if isinstance(number, member):
            return number
    raise _ProblemError(f"expected {_kinds(members)}, got {shown(value)}")


def _parse_tuple(members: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _ProblemError(f"expected a list, got {shown(value)}")
    if len(value) > LONGEST:
        raise _ProblemError(f"expected at most {LONGEST} entries, got {len(value)}")
    if len(members) == 2 and members[1] is Ellipsis:
        return tuple(_parse(members[0], entry) for entry in value)
    if len(value) != len(members):
        raise _ProblemError(f"expected {len(members)} entries, got {len(value)}")
    return tuple(_parse(member, entry) for member, entry in zip(members, value, strict=True))


def _parse_object(declared: type, value: Any) -> Any:
    hints = parameter_types(declared)
    if not isinstance(value, Mapping):
        raise _ProblemError(f"expected an object with {', '.join(hints)}, got {shown(value)}")
    for name in value:
        if name not in hints:
            raise _ProblemError(str(UnknownNameError("", "key", str(name), tuple(hints))))
    required = {field.name for field in fields(declared) if field.default is MISSING}
    for name in hints:
        if name not in value and name in required:
            raise _ProblemError(f"the key {name!r} is missing")
    return declared(**{name: _parse(hints[name], entry) for name, entry in value.items()})


def _number(value: Any) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Fraction | Log):
        raise _ProblemError(f"expected a number, got {shown(value)}")
    if isinstance(value, str):
        try:
            return parse_number(value)
        except ValueError as problem:
            raise _ProblemError(str(problem)) from None
    if isinstance(value, Log):
        return value
    try:
        # 0.25 in TOML or JSON means the decimal that was written, not its binary neighbour.
        number = normal_form(Fraction(repr(value) if isinstance(value, float) else value))
    except ValueError:
        raise _ProblemError(f"expected a finite number, got {value}") from None
    if max(abs(number.numerator), number.denominator) >= 10**MOST_DIGITS:
        raise _ProblemError(f"expected a number with at most {MOST_DIGITS} digits")
    return number


def _parse_scalar(declared: Any, value: Any) -> Any:
    if declared is bool:
        if isinstance(value, bool) or value in ("True", "False"):
            return value in (True, "True")
    elif declared is str:
        if isinstance(value, str) and len(value) <= 1000 and value.isprintable():
            return value
    elif declared is Decimal:
        if (number := _decimal(value)) is not None:
            return number
    elif declared in (int, Fraction, Log):
        number_found = _number(value)
        if isinstance(number_found, declared) or (declared is Fraction and isinstance(number_found, int)):
            return Fraction(number_found) if declared is Fraction else number_found
    else:
        raise TypeError(f"no pinned form for the declared type {declared}")
    raise _ProblemError(f"expected {_kinds((declared,))}, got {shown(value)}")


def _decimal(value: Any) -> Decimal | None:
    """A decimal of a size and with digits that can be printed, None for anything else."""
    if not isinstance(value, int | float | str | Decimal) or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):  # ValueError: an integer with thousands of digits
        return None
    if not number.is_finite() or not -13 < number.adjusted() < 9 or len(number.as_tuple().digits) > MOST_DIGITS:
        return None
    return number


_KIND_NAMES: Mapping[Any, str] = {
    int: "an integer",
    Fraction: 'a fraction such as "3/4"',
    Log: 'a logarithm such as "log(3)"',
    Decimal: "a decimal number",
    str: "a text",
    bool: "true or false",
}


def _kinds(declared: Sequence[Any]) -> str:
    return " or ".join(_KIND_NAMES.get(member, str(member)) for member in declared)


T = TypeVar("T")


def parameters_of(thing: object) -> Any:
    """The parameters of an exercise as records hold them: strings in lists and objects, from which it can be pinned."""
    if is_dataclass(thing) and not isinstance(thing, type | Log):
        return {field.name: parameters_of(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, tuple):
        return [parameters_of(entry) for entry in thing]
    return plain(thing)
