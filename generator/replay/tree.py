"""What a formula says: a tree of numbers, names and what is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number, with its digits."""

    value: float
    digits: str


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a name: a letter (or none) plus a whole number, as in ``l - 1`` or ``2``."""

    letter: str
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    r"""A name, ``key`` with its accents and labels, as in ``\hat{\theta}`` or ``w^{(1)}``, and its indices."""

    key: str
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name, applied; ``name.key`` may end with primes."""

    name: Name
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Derivative:
    """The partial derivative of something with respect to names, one after the other."""

    subject: Node
    by: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Gradient:
    """All partial derivatives with respect to a vector; of ``order`` 2 the Hessian."""

    subject: Node
    by: Name | None
    order: int


@dataclass(frozen=True, slots=True)
class Big:
    """A sum or a product over an index; without ``high`` over all values that it has, ``skipped`` left out."""

    kind: str
    letter: str
    low: int
    high: Node | None
    skipped: Index | None
    body: Node


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix by its rows; a list in parentheses is a column."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """Values with their conditions, each a left side, a relation and a right side; no condition means otherwise."""

    rows: tuple[tuple[Node, tuple[Node, str, Node] | None], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function that everybody knows, applied."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class At:
    """Something at a value of a name, printed with the name below a bracket or a bar."""

    body: Node
    name: Name
    place: Node


@dataclass(frozen=True, slots=True)
class Best:
    """Where something is least, or largest for the ``kind`` "max", as a function of a name."""

    kind: str
    by: Name
    body: Node


Node: TypeAlias = Number | Name | Call | Derivative | Gradient | Big | Grid | Cases | Operation | At | Best


def parts_of(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    match node:
        case Call(_, arguments) | Operation(_, arguments):
            below: tuple[Node, ...] = arguments
        case Derivative(subject, by):
            below = (subject, *by)
        case Gradient(subject, by_one, _):
            below = (subject,) if by_one is None else (subject, by_one)
        case Big(_, _, _, high, _, body):
            below = (body,) if high is None else (high, body)
        case Grid(rows):
            below = tuple(entry for row in rows for entry in row)
        case Cases(choices):
            below = tuple(value for value, _ in choices)
        case At(body, name, place):
            below = (body, name, place)
        case Best(_, by_one, body):
            below = (by_one, body)
        case _:
            below = ()
    for part in below:
        yield from parts_of(part)


def is_numeric(node: Node) -> bool:
    """Whether there is no name in it."""
    return not any(isinstance(part, (Name, Call)) for part in parts_of(node))
