"""Worked lines: formula = substitution = result, where the result is computed from the numbers that are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction

from generator.notation import Value, rounded, terminating, tex
from generator.working.term import Operations, Sum, Term, exactly, num


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a worked solution: ``left = formula = work = result``.

    ``places`` asks for a result rounded half away from zero; what later lines use is that printed result.
    ``formula`` may be empty; so may ``left``.
    """

    left: str
    formula: str
    work: Term
    places: int | None = None
    exact: Value = field(init=False, repr=False, compare=False)
    """The value of ``work``, not rounded."""
    result: Value = field(init=False, repr=False, compare=False)
    """What is printed at the end of the line: int, Fraction, Decimal or a symbolic number."""

    def __post_init__(self) -> None:
        # Kept, since the printed line, the lines after it, the effort and the size of numbers all ask for it.
        object.__setattr__(self, "exact", exactly(self.work.value()))
        object.__setattr__(self, "result", self._printed())

    def _printed(self) -> Value:
        if self.places is not None:
            return rounded(self.exact, self.places)
        if isinstance(self.exact, Fraction) and any(isinstance(leaf.number, Decimal) for leaf in self.work.leaves()):
            return terminating(self.exact) or self.exact
        return self.exact

    @property
    def relation(self) -> str:
        r"""``=`` where the result is exact, ``\approx`` where it was rounded."""
        if self.places is None:
            return "="
        same = isinstance(self.exact, int | Fraction) and Fraction(self.result) == self.exact
        return "=" if same else r"\approx"

    @property
    def tex(self) -> str:
        """The line in TeX; a substitution that is nothing but the result is not repeated."""
        return self._join("")

    @property
    def aligned(self) -> str:
        """The line for an ``aligned`` environment, with the mark before its first relation."""
        return self._join("&")

    def folded(self, count: int) -> tuple[str, ...]:
        """The line as rows for an ``aligned`` environment, a long sum broken after every ``count`` terms."""
        terms = self.work.terms if isinstance(self.work, Sum) else (self.work,)
        heads = [Sum(terms[:end]).tex() for end in range(count, len(terms), count)] + [self.work.tex()]
        # A sum is printed from left to right, so each head begins with the one before it.
        rows = [head.removeprefix(before) for before, head in zip(["", *heads], heads, strict=False)]
        rows[-1] += f" {self.relation} {tex(self.result)}"
        return (f"{self.left} &= {rows[0]}", *(rf"&\quad {row}" for row in rows[1:]))

    def _join(self, mark: str) -> str:
        result = tex(self.result)
        shown = [piece for piece in (self.left, self.formula, self.work.tex()) if piece and piece != result]
        relations = ["="] * (len(shown) - 1) + [self.relation]
        relations[0] = mark + relations[0]
        chain = " ".join(f"{piece} {relation}" for piece, relation in zip(shown, relations, strict=False))
        return f"{chain} {result}" if shown else result

    def operations(self) -> Operations:
        """The hand operations of the line."""
        return self.work.operations()


def line(left: str, work: Term | Value, formula: str = "", places: int | None = None) -> Line:
    """A worked line; see `Line`."""
    return Line(left, formula, num(work), places)


def lines_in(thing: object) -> Iterator[Line]:
    """Every worked line inside nested tuples, mappings and dataclasses, in order."""
    if isinstance(thing, Line):
        yield thing
    elif isinstance(thing, Mapping):
        for entry in thing.values():
            yield from lines_in(entry)
    elif isinstance(thing, tuple | list):
        for entry in thing:
            yield from lines_in(entry)
    elif is_dataclass(thing) and not isinstance(thing, type | Term):
        for entry in fields(thing):
            yield from lines_in(getattr(thing, entry.name))


def effort(lines: Iterable[Line]) -> Operations:
    """The hand operations of several lines together."""
    count: Operations = Counter()
    for entry in lines:
        count += entry.operations()
    return count
