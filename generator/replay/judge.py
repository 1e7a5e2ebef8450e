"""Judges the links of a text one after the other, and counts what became of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from generator.replay.arrays import UndefinedError, Value, near
from generator.replay.chains import Miss
from generator.replay.claims import as_a_whole, defined_before, is_equation, is_named, is_naming, no_claim
from generator.replay.comparison import SLACK, SMALL, ZERO, Outcome, compared, equal, ordered
from generator.replay.context import Context
from generator.replay.ledger import Ledger
from generator.replay.lookup import wholes
from generator.replay.readings import Readings
from generator.replay.statements import Statement
from generator.replay.tree import At, Call, Derivative, Name, Node, is_numeric, parts_of
from generator.replay.valuation import value_of
from generator.replay.world import Symbol, World

ROUNDED = 3
"""Numbers with so many decimals come from rounding; those of the question have fewer."""
_DECIMALS = re.compile(r"\.(\d+)")
ORDERED = frozenset({"<", ">", r"\le", r"\leq", r"\ge", r"\geq"})
FRAMES: Mapping[str, str] = {r"\propto": "proportional", r"\leftarrow": "an assignment"}


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A link that this reader could not judge, and why."""

    link: Miss
    reason: str


class Judge:
    """Goes through the chains of a text and counts."""

    def __init__(self, context: Context, readings: Readings) -> None:
        self.context, self.readings, self.ledger = context, readings, Ledger(context)
        self.worked: dict[Symbol, list[Value]] = {}
        """What the lines of the part work out."""
        self.numeric = self.alone = False
        self.clause, self.signs = 0, dict[str, float]()
        """What the clause says of signs, as in "for x > 0"."""
        self.origin = self.judged = self.compared = 0
        self.said: list[Miss] = []
        self.unjudged: list[Unjudged] = []
        self.misses: list[Miss] = []

    def chain(self, chain: Statement) -> None:
        """Judge the links of a chain, in their order."""
        self.alone = len(chain.pieces) == 2
        if chain.clause != self.clause:
            self.clause, self.signs = chain.clause, {}
        self.numeric = any((tree := self.ledger.tree(piece)) is not None and is_numeric(tree) for piece in chain.pieces)
        for at, (left, relation, right) in enumerate(
            zip(chain.pieces, chain.relations, chain.pieces[1:], strict=False)
        ):
            self._link(left, relation, right, at)
        self._work(chain)

    def _link(self, left: str, relation: str, right: str, at: int) -> None:
        link = Miss(left, relation, right)
        one, other = self.ledger.tree(left), self.ledger.tree(right)
        if relation in ORDERED:
            self._ordered(one, other, link)
            return
        if relation in FRAMES:
            self.unjudged.append(Unjudged(link, FRAMES[relation]))
            return
        if relation not in ("=", r"\approx") or is_naming(one, other, left, right):
            return
        if one is None or other is None:
            self.unjudged.append(Unjudged(link, _why(left, right)))
        elif is_numeric(one) and is_numeric(other):
            return
        elif is_numeric(other):
            self._substituted(one, relation, other, link)
        elif is_numeric(one):
            self._substituted(other, "=", one, link)
        elif relation == "=":
            self._formulas(one, other, link, at, sure=not is_equation(other))
        else:
            self._to_first_order(one, other, link)

    def _ordered(self, one: Node | None, other: Node | None, link: Miss) -> None:
        """An inequality; between a name and a number it is no claim but a condition."""
        if one is None or other is None or all(isinstance(node, Name) or is_numeric(node) for node in (one, other)):
            if isinstance(one, Name) and not one.indices and other == ZERO:
                self.signs[one.key] = 1.0 if link.relation == ">" else -1.0
            return
        positive = (
            (name, [world for world in worlds if world.setting.positive])
            for name, worlds in self.readings.shared(self.ledger.latest)
        )
        outcome = compared(((one, other),), positive, ordered(link.relation))
        self._count(outcome, link, outcome.reason or "an inequality")

    def _to_first_order(self, one: Node, other: Node, link: Miss) -> None:
        """Two formulas that are nearly equal for small epsilon: their values and slopes at 0 are equal."""
        slopes = Derivative(one, (SMALL,)), Derivative(other, (SMALL,))
        pairs = [(At(left, SMALL, ZERO), At(right, SMALL, ZERO)) for left, right in ((one, other), slopes)]
        known = any(part == SMALL for node in (one, other) for part in parts_of(node))
        readings = self.readings.shared(self.ledger.latest) if known else ()
        self._count(compared(pairs, readings, equal), link, "approximate")

    def _count(self, outcome: Outcome, link: Miss, reason: str) -> None:
        if outcome.held:
            self.judged += 1
        else:
            self.unjudged.append(Unjudged(link, reason))

    def _substituted(self, formula: Node, relation: str, printed: Node, link: Miss) -> None:
        """A formula with a number beside it: its value at the numbers given so far."""
        claimed = self.ledger.numeric(printed)
        if is_named(formula):
            self._result(formula, printed, claimed, link)
            return
        if claimed is None:
            self.unjudged.append(Unjudged(link, "no value"))
            return
        found = False
        for setting in self.readings.numbered(formula, self.ledger):
            try:
                value = value_of(formula, World(setting))
            except UndefinedError:
                continue
            found = True
            if _agrees(value, relation, claimed, link.right):
                self.compared += 1
                return
        if found and self._ambiguous(formula):
            self.unjudged.append(Unjudged(link, "a name with two meanings"))
        elif found and not is_equation(printed):
            self.misses.append(link)
        else:
            self._formulas(formula, printed, link, 1, sure=False)

    def _result(self, node: Node, printed: Node, claimed: Value | None, link: Miss) -> None:
        """A name with a number beside it: what was worked out for it in the same part; else the ledger takes it."""
        symbol = self.ledger.symbol(node)
        if claimed is None:
            return
        worked = () if symbol is None else self.worked.get(symbol, ())
        if any(_agrees(value, r"\approx", claimed, link.right) for value in worked):
            self.compared += 1
        elif worked and self.alone:
            self.misses.append(link)
        elif not worked and (isinstance(node, Call | Derivative) or self._defined(node)):
            self._derived(node, printed, claimed, link)

    def _defined(self, node: Node) -> bool:
        """Whether there is a formula for a name, or for the vector or matrix of which it is an entry."""
        if not isinstance(node, Name):
            return False
        same = [one for one in self.readings.first.get(node.key, ()) if not one.parameters]
        if any(len(one.indices) == len(node.indices) for one in same):
            return True
        keys = wholes(node.key, len(node.indices)) if node.indices else ()
        return any(as_a_whole(one) for key in keys for one in self.readings.first.get(key, ()))

    def _derived(self, node: Node, printed: Node, claimed: Value, link: Miss) -> None:
        """A derivative, or a function somewhere, that is said to be a number: what its definition gives."""
        reason = ""
        for setting in self.readings.numbered(node, self.ledger):
            try:
                value = value_of(node, World(setting))
            except UndefinedError as problem:
                reason = reason or str(problem)
                continue
            if _agrees(value, r"\approx", claimed, link.right):
                self.compared += 1
                return
        outcome = compared(((node, printed),), self.readings.shared(self.ledger.latest), equal)
        self._count(outcome, link, reason or "another value")

    def _work(self, chain: Statement) -> None:
        """Keep what a line works out, to compare it with the answer of the part."""
        last = self.ledger.numeric(self.ledger.tree(chain.pieces[-1]))
        node = self.ledger.tree(chain.pieces[0])
        equal = set(chain.relations) <= {"=", r"\approx"}
        if equal and last is not None and node is not None and not self.alone and (symbol := self.ledger.symbol(node)):
            self.worked.setdefault(symbol, []).append(last)

    def _ambiguous(self, formula: Node) -> bool:
        """Whether the question gives a name numbers both with indices and, for another case, without."""
        given = self.readings.given
        names = {part.key for part in parts_of(formula) if isinstance(part, Name) and part.indices}
        return any(
            isinstance(given.get((name, ())), float) and any(key == name and place for key, place in given)
            for name in names
        )

    def _formulas(self, one: Node, other: Node, link: Miss, at: int, *, sure: bool = True) -> None:
        """Two formulas with letters: their values at made-up numbers."""
        own = at == 0 and any(named.origin == self.origin for named in self.context.defined)
        if own and not defined_before(one, self.origin, self.context):
            self.said.append(link)
            return
        stir = all(any(isinstance(part, Name) for part in parts_of(node)) for node in (one, other))
        readings = self.readings.readings(self.origin) if own else self.readings.shared(self.ledger.latest, stir=stir)
        if self.signs.keys() & self.context.both:
            where = self.readings.signed(self.signs)
            worlds = [World(where), World(replace(where, seed=2))]
            outcome = compared(((one, other),), [("where", worlds)], equal)
            if outcome.found:
                # What is said for x > 0 need not hold for any other x.
                self._count(outcome, link, "not where it is said to hold")
                return
        outcome = compared(((one, other),), readings, equal, zero="0" in link.left + link.right)
        if outcome.held:
            self.judged += 1
        elif not outcome.found:
            self.unjudged.append(Unjudged(link, outcome.reason))
        elif not sure:
            self.unjudged.append(Unjudged(link, "numbers unknown"))
        elif why := no_claim(
            one, other, self.context, leads=at == 0, numeric=self.numeric, given=self.readings.everything
        ):
            self.unjudged.append(Unjudged(link, why))
        else:
            self.misses.append(link)


def _why(left: str, right: str) -> str:
    return next((word for word in ("dots", r"\arg", r"\Pr", r"\text") if word in left + right), "not read")


def _agrees(value: Value, relation: str, claimed: Value, printed: str) -> bool:
    if near(value, claimed, SLACK) or np.shape(value) != np.shape(claimed):
        return near(value, claimed, SLACK)
    decimals = max((len(found) for found in _DECIMALS.findall(printed)), default=0)
    off = float(np.max(np.abs(np.subtract(value, claimed))))
    if relation == r"\approx":
        return off <= 0.5 * 10.0**-decimals + SLACK
    # What is printed with many decimals was rounded before, and may have been restated with fewer since.
    return decimals >= ROUNDED and off <= 100 * 10.0**-decimals * max(1.0, float(np.max(np.abs(claimed))))
