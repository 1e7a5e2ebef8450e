"""Numbers in the working that come from nowhere: neither from the question nor from an earlier line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from generator.replay.arrays import UndefinedError
from generator.replay.context import Context
from generator.replay.statements import Statement, statements
from generator.replay.tree import Name, Node, Number, Operation, is_numeric, parts_of
from generator.replay.valuation import value_of
from generator.replay.world import Setting, World

_SMALL = (0, 0.5, 1, 2)
_DOUBLED = frozenset({4.0, 8.0, 16.0, 32.0})
_DIGITS = re.compile(r"\d+(?:(?:\{,\}|,)\d{3})*(?:\.\d+)?")
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b")
_PLACES = 9


@dataclass(frozen=True, slots=True)
class Stray:
    """A number of a worked line that is printed nowhere before it."""

    number: str
    line: str

    def __str__(self) -> str:
        return f"{self.number} in {self.line}"


class Trail:
    """The numbers printed so far; signs and reciprocals count as the same number."""

    def __init__(self, context: Context, question: str, told: Iterable[str]) -> None:
        self.context = context
        self.world = World(Setting(context.sizes, invented=False))
        self.seen = {round(float(value), _PLACES) for value in _SMALL}
        for text in (question, *told):
            self._see(*(float(digits.replace("{,}", "").replace(",", "")) for digits in _DIGITS.findall(text)))
            self._see(*(float(_NUMBER_WORDS.index(word)) for word in _WORD.findall(text)))
        for chain in statements(question):
            self.note(chain)

    def follow(self, chain: Statement, compared: bool) -> list[Stray]:
        """The strays of a chain of the key: numbers that others are worked out from.

        Where the formula before them was ``compared`` with them, or numbers stand before them, they are accounted for.
        """
        trees = [self.context.tree(piece) for piece in chain.pieces]
        strays = []
        first = next((at for at, tree in enumerate(trees) if tree is not None and is_numeric(tree)), len(trees))
        if not compared and 0 < first < len(trees) - 1:
            formula = {
                value for tree in trees[:first] if tree is not None for value in (*_values(tree), *_indices(tree))
            }
            tree = trees[first]
            assert tree is not None
            found = [(digits, value) for part in _children(tree) for digits, value in self._unknown(part)]
            strays = [Stray(digits, chain.pieces[first]) for digits, value in found if value not in formula]
        self.note(chain)
        return strays

    def _unknown(self, tree: Node) -> Iterator[tuple[str, float]]:
        """The numbers below a tree that are not known, nor part of something that is."""
        try:
            value = value_of(tree, self.world)
        except UndefinedError:
            value = np.empty(0)
        if isinstance(value, float) and (self._known(value) or self._known(value * value)):
            return
        match tree:
            case Number(size, digits):
                yield digits, size
            case Operation("quotient", (Number(top, one), Number(bottom, other))):
                if not (self._known(top) and self._known(bottom)):
                    yield f"{one}/{other}", top / bottom
            case _:
                for part in _children(tree):
                    yield from self._unknown(part)

    def note(self, chain: Statement) -> None:
        """Take the numbers of a chain, and the values of its pieces, as printed."""
        for piece in chain.pieces:
            tree = self.context.tree(piece)
            if tree is None:
                self._see(*(float(digits.replace("{,}", "")) for digits in _DIGITS.findall(piece)))
                continue
            self._see(*(value for _, value in _atoms(tree)))
            if is_numeric(tree):
                try:
                    value = value_of(tree, self.world)
                except UndefinedError:
                    continue
                self._see(*(np.ravel(value).tolist()))

    def _see(self, *values: float) -> None:
        self.seen |= {round(abs(value), _PLACES) for value in values}

    def _known(self, value: float) -> bool:
        size = abs(value)
        found = round(size, _PLACES) in self.seen or (size > 0 and round(1 / size, _PLACES) in self.seen)
        # What doubles from line to line is printed as a power of 2.
        return found or size in _DOUBLED


def _atoms(tree: Node) -> Iterator[tuple[str, float]]:
    """The numbers of a tree as one reads them: fractions of numbers are one number."""
    match tree:
        case Number(value, digits):
            yield digits, value
        case Operation("quotient", (Number(top, one), Number(bottom, other))) if bottom:
            yield f"{one}/{other}", top / bottom
        case _:
            for part in _children(tree):
                yield from _atoms(part)


def _values(tree: Node) -> Iterator[float]:
    return (value for _, value in _atoms(tree))


def _indices(tree: Node) -> Iterator[float]:
    """The numbers below names, as one reads them."""
    for part in parts_of(tree):
        if isinstance(part, Name) and part.indices and not any(index.letter for index in part.indices):
            yield float("".join(str(index.offset) for index in part.indices).replace("-", ""))


def _children(tree: Node) -> Iterator[Node]:
    inner = parts_of(tree)
    next(inner)
    below = list(inner)
    while below:
        child = below.pop(0)
        yield child
        del below[: sum(1 for _ in parts_of(child)) - 1]
