"""What every exercise type provides: a draw, a solution, an independent check, and the slips that students make."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, TypeVar

from generator.draw import Draw, Level
from generator.figure import Figure
from generator.notation import Value, canonical
from generator.solver.agreement import differ
from generator.working import Line, Operations, effort, lines_in

Kind = Literal[
    "integer", "number", "vector", "matrix", "tensor", "table", "expression", "choice", "derivation", "figure"
]
FREE_KINDS: frozenset[Kind] = frozenset({"derivation", "figure"})
"""Kinds whose answer is a model solution with marks instead of a value."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A named property of good values.

    A ``strict`` one makes the exercise impossible when broken; any other one is about quality (no accidental
    zero, no coincidence) and is given up, with a warning, when the instructor's own pinned values break it.
    """

    text: str
    holds: bool
    strict: bool


def must(text: str, holds: bool) -> Condition:
    """A condition without which the exercise makes no sense; ``text`` completes "it must be true that …"."""
    return Condition(text, holds, strict=True)


def wanted(text: str, holds: bool) -> Condition:
    """A condition that every drawn instance meets and that pinned values may break."""
    return Condition(text, holds, strict=False)


@dataclass(frozen=True, slots=True)
class Space:
    """The room for an answer on the question sheet, where the kind of the part does not say enough.

    ``grid``: an empty grid of rows × columns; ``boxes``: one labelled box per name (TeX);
    ``lines``: so many ruled lines; ``blank``: an empty frame so many lines high; ``none``: no room at all.
    """

    form: Literal["grid", "boxes", "lines", "blank", "none"]
    rows: int = 0
    columns: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a solution.

    ``answer`` is exact (None for a derivation or figure); a ``choice`` is answered by its letter, a ``table`` by a
    mapping from names to values. ``points`` is the part's weight; the marks in the template's solution add up to it.
    ``work`` holds what the template shows: worked lines, matrices, numbers, under the names it uses.
    ``places`` is set where the student is asked for decimals; ``results`` then holds the worked lines whose results
    are the entries of the answer, in reading order, and ``tolerance``, how far from the exact answer is still right,
    follows from them. ``extra_effort`` counts hand operations that the worked solution does not spell out line by
    line. ``tex`` replaces the automatic notation of the answer in records, ``names`` that of the names of a table.
    """

    id: str
    kind: Kind
    answer: Value
    points: int
    work: Mapping[str, Value] = field(default_factory=dict)
    space: Space | None = None
    places: int | None = None
    results: tuple[Line, ...] = ()
    tolerance: str = "0"
    extra_effort: Mapping[str, int] = field(default_factory=dict)
    tex: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Solution:
    """The parts of a solution in order; ``work`` is what several parts (or the question's stem) share."""

    parts: tuple[Part, ...]
    work: Mapping[str, Value] = field(default_factory=dict)

    def __getitem__(self, part: str) -> Part:
        for candidate in self.parts:
            if candidate.id == part:
                return candidate
        raise KeyError(part)

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The names of the parts, in order."""
        return tuple(part.id for part in self.parts)

    def operations(self, parts: Iterable[str] | None = None) -> Operations:
        """The hand operations of the solution, by kind: those of its worked lines and those declared besides."""
        wanted_parts = set(self.part_ids if parts is None else parts)
        count = effort(lines_in(self.work))
        for part in self.parts:
            if part.id in wanted_parts:
                count += effort(lines_in(part.work)) + Counter(part.extra_effort)
        return count


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong method that students use, named in a few words, and what it gives for one part.

    Slips with ``apart`` must also differ from the other slips of the same part, so that a marker can tell them.
    ``tex`` replaces the automatic notation of the value on paper.
    """

    part: str
    name: str
    value: Value
    apart: bool = False
    tex: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The comparison of one part's exact answer with an independent route."""

    part: str
    route: str
    exact: str
    found: str
    agreed: bool


def agree(part: str, route: str, exact: Value, found: Value, *, tolerance: float = 1e-9) -> Check:
    """Compare an exact answer with what an independent route found.

    Both may be nested tuples, arrays or mappings of numbers (SymPy numbers too); ``tolerance`` is relative to
    ``max(1, |exact|)``. Strings agree when equal.
    """
    problem = differ(exact, found, tolerance)
    return Check(part, route, _brief(exact), problem or _brief(exact), problem is None)


def _brief(value: Value) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "…"


class Exercise(ABC):
    """An exercise type: a frozen, slotted dataclass whose fields are exactly the values that the student sees."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        """One candidate; pinned parameters come through ``d.given(name, make)``."""

    def conditions(self) -> Iterable[Condition]:
        """What good values satisfy; the first broken one has the candidate drawn again."""
        return ()

    @abstractmethod
    def solve(self) -> Solution:
        """The exact route."""

    @abstractmethod
    def check(self, solution: Solution) -> Iterable[Check]:
        """The independent route; every part that has an answer value is covered at least once."""

    def slips(self) -> Iterable[Slip]:
        """What typical wrong methods give, computed from the same values."""
        return ()

    def pattern(self) -> str:
        """The branches that the working takes, such as which units are active; variants of one exam share it.

        Empty where all instances of a level are solved along one path.
        """
        return ""

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        """The figures that the template shows, by name; those of the question are also in the key."""
        del solution  # most figures of a question need the given values only
        return {}


E = TypeVar("E", bound=type[Exercise])


@dataclass(frozen=True, slots=True)
class About:
    """What the registry says of an exercise type: title, topic, where in the source sheets it comes from."""

    title: str
    source: tuple[str, ...]


ABOUT = "_about"


def exercise(*, title: str, source: tuple[str, ...] = ()) -> Callable[[E], E]:
    """Mark the one class of a module that is the exercise type."""

    def mark(cls: E) -> E:
        setattr(cls, ABOUT, About(title, source))
        return cls

    return mark


def collisions(solution: Solution, slips: Iterable[Slip]) -> Iterator[Condition]:
    """The conditions that slips give the wrong answer, and those marked ``apart`` wrong answers of their own."""
    told_apart: dict[str, list[Slip]] = {}
    for slip in slips:
        value = canonical(slip.value)
        text = f"part {slip.part}: the slip {slip.name!r} does not give the right answer"
        yield wanted(text, value != canonical(solution[slip.part].answer))
        if slip.apart:
            for other in told_apart.setdefault(slip.part, []):
                text = f"part {slip.part}: the slips {slip.name!r} and {other.name!r} give different answers"
                yield wanted(text, value != canonical(other.value))
            told_apart[slip.part].append(slip)


def repetitions(solution: Solution) -> Iterator[Condition]:
    """The condition that no two parts have the same vector, matrix or table for an answer."""
    seen: list[Part] = []
    for part in solution.parts:
        if part.kind in ("vector", "matrix", "tensor", "table"):
            for other in seen:
                different = canonical(part.answer) != canonical(other.answer)
                yield wanted(f"parts {other.id} and {part.id} have different answers", different)
            seen.append(part)
