"""A function broken down into elementary steps such as ``f_3 = f_1 + f_2``, read from text and written back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

from generator.exact import normal_form

Operation = Literal[
    "exp", "log", "sin", "cos", "sqrt", "abs", "square", "reciprocal", "negative",
    "add", "subtract", "multiply", "divide", "max", "min",
]  # fmt: skip
SMOOTH: frozenset[Operation] = frozenset(
    ("exp", "log", "sin", "cos", "sqrt", "square", "reciprocal", "negative", "add", "subtract", "multiply", "divide")
)
"""The operations with a derivative wherever they are defined."""

Operand: TypeAlias = str | int | Fraction
"""The name of an earlier quantity, or a constant."""


@dataclass(frozen=True, slots=True)
class Step:
    """One elementary operation: what it defines, and from what."""

    name: str
    operation: Operation
    operands: tuple[Operand, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The quantities among the operands, in order."""
        return tuple(operand for operand in self.operands if isinstance(operand, str))

    def __str__(self) -> str:
        first, *rest = map(str, self.operands)
        form = _FORMS.get(self.operation, f"{self.operation}({', '.join((first, *rest))})")
        return f"{self.name} = {form.format(first, *rest)}"


_FORMS: dict[str, str] = {
    "square": "{0}^2",
    "reciprocal": "1/{0}",
    "negative": "-{0}",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0}*{1}",
    "divide": "{0}/{1}",
}


@dataclass(frozen=True, slots=True)
class Graph:
    """Steps in an order in which each uses only inputs and earlier steps; the last one is the output."""

    inputs: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def output(self) -> str:
        """The name of the last step."""
        return self.steps[-1].name

    @property
    def names(self) -> tuple[str, ...]:
        """Inputs, then the steps in order."""
        return (*self.inputs, *(step.name for step in self.steps))

    @property
    def texts(self) -> tuple[str, ...]:
        """The steps as they can be pinned."""
        return tuple(map(str, self.steps))

    def __getitem__(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def users(self, name: str) -> tuple[Step, ...]:
        """The steps that use a quantity, in order."""
        return tuple(step for step in self.steps if name in step.operands)

    def shared(self) -> tuple[str, ...]:
        """The quantities that several steps use (the fan-outs), inputs included."""
        return tuple(name for name in self.names if len(self.users(name)) > 1)

    def backwards(self) -> Iterator[str]:
        """All quantities before the output, last one first."""
        yield from reversed(self.names[:-1])


_NAME = r"[a-df-z](?:_\d{1,2})?"  # the letter e is left to the exponential function
_CONSTANT = r"-?\d{1,6}(?:/\d{1,6})?"
_OPERAND = rf"({_NAME}|{_CONSTANT})"
_DEFINITION = re.compile(rf"({_NAME})=(.+)")
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), operation)
    for pattern, operation in (
        *((rf"{name}\({_OPERAND}\)", name) for name in ("exp", "log", "sin", "cos", "sqrt", "abs")),
        (rf"ln\({_OPERAND}\)", "log"),
        (rf"{_OPERAND}(?:\^|\*\*)2", "square"),
        (rf"-({_NAME})", "negative"),
        (rf"{_OPERAND}\+{_OPERAND}", "add"),
        (rf"{_OPERAND}-{_OPERAND}", "subtract"),
        (rf"{_OPERAND}\*{_OPERAND}", "multiply"),
        (rf"{_OPERAND}/{_OPERAND}", "divide"),
        *((rf"{name}\({_OPERAND},{_OPERAND}\)", name) for name in ("max", "min")),
    )
)


def _parse_step(text: str) -> Step:
    compact = text.replace(" ", "")
    definition = _DEFINITION.fullmatch(compact)
    if definition is None:
        raise ValueError(f'{text!r} is not a step such as "f_3 = f_1 + f_2"')
    name, right = definition.groups()
    for pattern, operation in _PATTERNS:
        if match := pattern.fullmatch(right):
            return _simplified(text, name, operation, tuple(map(_operand, match.groups())))
    raise ValueError(f'{text!r} is not one operation on quantities and numbers, such as "f_1 + f_2" or "exp(f_1)"')


def _operand(text: str) -> Operand:
    if text[0].isalpha():
        return text
    try:
        return normal_form(Fraction(text))
    except ZeroDivisionError:
        raise ValueError(f"{text!r} divides by zero") from None


def _simplified(text: str, name: str, operation: str, operands: tuple[Operand, ...]) -> Step:
    """One way to say one thing: a quantity times itself is its square, 1 divided by it its reciprocal."""
    if not any(isinstance(operand, str) for operand in operands):
        raise ValueError(f"{text!r} uses no quantity")
    if len(operands) == 2 and operands[0] == operands[1]:
        if operation != "multiply":
            raise ValueError(f"{text!r} uses the same quantity twice")
        operation, operands = "square", operands[:1]
    if operation == "divide" and operands[0] == 1:
        operation, operands = "reciprocal", operands[1:]
    return Step(name, operation, operands)  # type: ignore[arg-type]  # the patterns yield no other names


@lru_cache(maxsize=4096)
def parse_graph(texts: tuple[str, ...], inputs: tuple[str, ...]) -> Graph:
    """The graph of some steps.

    Raises ValueError for a text that is no step, for a quantity used before it is defined, defined twice or never used.
    """
    known = list(inputs)
    steps = []
    for text in texts:
        step = _parse_step(text)
        for source in step.sources:
            if source not in known:
                raise ValueError(f"{text!r} uses {source}, which is neither {_listed(inputs)} nor an earlier step")
        if step.name in known:
            raise ValueError(f"{text!r} defines {step.name} again")
        known.append(step.name)
        steps.append(step)
    graph = Graph(inputs, tuple(steps))
    for name in graph.names[:-1]:
        if not graph.users(name):
            raise ValueError(f"{name} is never used")
    return graph


def _listed(names: Sequence[str]) -> str:
    return " nor ".join(names)


@dataclass(frozen=True, slots=True)
class GraphSteps:
    """What a parameter that holds steps must satisfy: a graph of these inputs and operations."""

    inputs: tuple[str, ...] = ("x",)
    operations: Collection[Operation] = SMOOTH

    def problem(self, value: tuple[str, ...]) -> str | None:
        """What is wrong with some steps, or None."""
        try:
            graph = parse_graph(value, self.inputs)
        except ValueError as problem:
            return str(problem)
        for step in graph.steps:
            if step.operation not in self.operations:
                return f"the operation of '{step}' is not one of {', '.join(sorted(self.operations))}"
        return None
