"""A world: values for all names, made up or given, in which formulas can be compared."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from generator.replay.arrays import UndefinedError, Value
from generator.replay.tree import Index, Name, Node

Place = tuple[int, ...]
Symbol = tuple[str, Place]
"""A name with its accents and labels, and its indices as whole numbers."""

_ORDINARY = {"i": 1, "j": 2, "k": 3, "l": 2, "m": 1, "r": 2}
"""Which entry is looked at where an index is left open."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name stands for: ``indices`` as printed on its left side, ``parameters`` where it is a function."""

    indices: tuple[Index, ...]
    parameters: tuple[Name, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Sizes:
    """Shapes of named vectors and matrices, in which order entries stand, what counts, over what an index runs.

    ``vectors`` has the number of entries of those with dots in them, ``ranges`` the last value of an index by its
    letter, ``extents`` the largest printed index of a name by its entry key, number and place of indices, ``lengths``
    the same as a name, ``limits`` the largest value of an index letter; ``width`` is the length of a vector of which
    nothing is said; where ``extended``, a bar over a vector means the vector with a 1 at its end.
    """

    shapes: Mapping[str, tuple[int, int]]
    vectors: Mapping[str, Node]
    orders: Mapping[str, tuple[int, ...]]
    counts: frozenset[str]
    ranges: Mapping[str, Node]
    extents: Mapping[tuple[str, int, int], int]
    lengths: Mapping[tuple[str, int, int], Node]
    limits: Mapping[str, int]
    width: int
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """Where names get their values: from ``numbers``, from ``definitions``, or made up from ``seed``.

    ``positive`` settings make up numbers between 0 and 1, others of both signs; the entries of ``normal`` vectors add
    up to 1. Unless ``invented`` a name that has no value is an error. ``counts`` has what counts something.
    """

    sizes: Sizes
    seed: int = 1
    positive: bool = True
    invented: bool = True
    numbers: Mapping[Symbol, Value] = field(default_factory=dict)
    numbers_first: bool = True
    definitions: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    functions: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    normal: frozenset[str] = frozenset()
    common: bool = False
    """Whether a value printed for a name without index is that of all its entries."""
    counts: Mapping[str, int] = field(default_factory=dict)
    signs: Mapping[str, float] = field(default_factory=dict)
    """What is said to be positive (1) or negative (-1)."""
    odd: frozenset[str] = frozenset()
    """Functions of which nothing is said but that they are odd."""


class World:
    """A setting in which some index letters and some names have values for the moment.

    ``open`` holds the names whose definitions are being followed: a definition by itself ends there. Values that do not
    depend on such an end are kept in ``memo``; ``cuts`` counts the ends. Values that depend on nothing are kept in
    ``pure`` for all worlds of the setting.
    """

    __slots__ = ("cuts", "fixed", "letters", "memo", "open", "pure", "setting")

    def __init__(
        self,
        setting: Setting,
        letters: Mapping[str, int] | None = None,
        fixed: Mapping[Symbol, Value] | None = None,
        following: frozenset[Symbol] = frozenset(),
        memo: dict[Symbol, Value] | None = None,
        cuts: list[int] | None = None,
        pure: dict[Symbol, Value] | None = None,
    ) -> None:
        self.setting, self.open = setting, following
        self.letters, self.fixed = letters or {}, fixed or {}
        self.memo = {} if memo is None else memo
        self.cuts = [0] if cuts is None else cuts
        self.pure = {} if pure is None else pure

    def with_letters(self, letters: Mapping[str, int]) -> World:
        """The same world where some index letters have values."""
        return World(self.setting, {**self.letters, **letters}, self.fixed, self.open, self.memo, self.cuts, self.pure)

    def with_fixed(self, values: Mapping[Symbol, Value]) -> World:
        """The same world where some names have other values, whatever their definitions say."""
        return World(self.setting, self.letters, {**self.fixed, **values}, self.open, None, self.cuts, self.pure)

    def following(self, symbol: Symbol, letters: Mapping[str, int]) -> World:
        """The same world inside the definition of a name, whose indices have these values."""
        return World(self.setting, letters, self.fixed, self.open | {symbol}, self.memo, self.cuts, self.pure)

    def place(self, indices: tuple[Index, ...]) -> Place:
        """Indices as numbers."""
        return tuple([self.index(index) for index in indices])

    def index(self, index: Index) -> int:
        """One index as a number; a letter without a value is one of its own."""
        if not index.letter:
            return index.offset
        if (value := self.letters.get(index.letter)) is not None:
            return value + index.offset
        given = self.setting.numbers.get((index.letter, ()))
        if isinstance(given, float):
            return int(given) + index.offset
        if not self.setting.invented:
            raise UndefinedError(f"the index {index.letter}")
        if index.letter in self.setting.sizes.counts:
            # The last of so many.
            return int(float(self.made_up((index.letter, ())))) + index.offset
        ordinary = _ORDINARY.get(index.letter, 1000 + ord(index.letter[-1]))
        return min(ordinary, self.setting.sizes.limits.get(index.letter, ordinary)) + index.offset

    def made_up(self, symbol: Symbol) -> Value:
        """A value from thin air, always the same for the same symbol and seed."""
        key, place = symbol
        setting = self.setting
        if not setting.invented:
            raise UndefinedError(f"no value for {key}{list(place) if place else ''}")
        if not place and key in setting.sizes.counts:
            return float(setting.counts.get(key) or invented_count(setting.seed, key))
        value = invented(setting.seed, setting.positive, key, place)
        return math.copysign(value, setting.signs[key]) if key in setting.signs else value


@lru_cache(maxsize=20_000)
def invented(seed: int, positive: bool, key: str, place: Place) -> float:
    """A number between 0.15 and 0.85, or one of either sign between 0.3 and 1.4 in absolute value."""
    share = (zlib.crc32(f"{seed}|{key}|{place}".encode()) * 2654435761 % 2**32) / 2**32
    if positive:
        return 0.15 + 0.7 * share
    return math.copysign(0.3 + 1.1 * (share * 7 % 1), share - 0.4)


def invented_count(seed: int, key: str) -> int:
    """A small number of things."""
    return 3 + zlib.crc32(f"{seed}|{key}".encode()) // 7 % 2


def smooth(setting: Setting, name: str, arguments: tuple[Value, ...]) -> float:
    """An unknown function at some place: any smooth one will do, but always the same, and odd where it must be."""
    if name in setting.odd:
        plain = replace(setting, odd=frozenset())
        return smooth(plain, name, arguments) - smooth(plain, name, tuple([-argument for argument in arguments]))
    angle = invented(setting.seed, True, name, ()) * 3
    for at, argument in enumerate(arguments):
        flat: list[float] = [argument] if isinstance(argument, float) else argument.ravel().tolist()
        for entry, value in enumerate(flat):
            angle += invented(setting.seed, True, name, (at, entry)) * 2 * value
    return 0.5 + 0.3 * math.sin(angle) if setting.positive else 1.5 * math.sin(angle)
