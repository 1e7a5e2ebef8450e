"""A second reader of a question and its key: formulas with letters, compared at made-up numbers and at those given."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.replay.arrays import UndefinedError, Value, near, times
from generator.replay.chains import Miss
from generator.replay.claims import defined_before, is_equation, is_named, is_naming, no_claim
from generator.replay.context import Context, context_of
from generator.replay.ledger import Ledger
from generator.replay.readings import LAST, Readings
from generator.replay.statements import Statement, statements
from generator.replay.strays import Stray, Trail
from generator.replay.tree import Name, Node, is_numeric, parts_of
from generator.replay.valuation import value_of
from generator.replay.world import Symbol, World

SLACK = 1e-6
ENOUGH = 2
"""Worlds to compare two formulas in; a third one stands in where they have no value in one of these."""
ROUNDED = 3
"""Numbers with so many decimals come from rounding; those of the question have fewer."""
_DECIMALS = re.compile(r"\.(\d+)")


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A link that this reader could not judge, and why."""

    link: Miss
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a second reader made of a question and its key.

    ``judged`` counts links between formulas with letters, ``definitions`` names said to be something for the first
    time, ``compared`` formulas whose value at the given numbers was compared with what is printed beside them.
    """

    judged: int
    definitions: int
    compared: int
    unjudged: tuple[Unjudged, ...]
    misses: tuple[Miss, ...]
    strays: tuple[Stray, ...]


def read(question: str, solutions: Sequence[str], told: Sequence[str] = ()) -> Reading:
    """Judge every link with letters of a question and of its solutions, which are read in this order.

    ``told`` has the figures of the question in words, with the numbers that they show.
    """
    texts = [question, *solutions]
    chains = [list(statements(text)) for text in texts]
    text = "\n\n".join(texts)
    context = context_of(text, itertools.chain.from_iterable(chains))
    given, everything = Ledger(context), Ledger(context)
    for markdown, said in zip(texts, chains, strict=True):
        for ledger in (given, everything) if markdown is question else (everything,):
            ledger.note_all(markdown, said)
    judge = _Judge(context, Readings(context, text, given.latest, everything.latest))
    trail, strays = Trail(context, question, told), list[Stray]()
    for part, (markdown, said) in enumerate(zip(texts, chains, strict=True)):
        if part == 0:
            judge.ledger.note_all(markdown, said)
            judge.ledger.given = frozenset(given.latest)
        else:
            judge.ledger.note_lists(markdown)
        judge.worked = {}
        for chain in said:
            compared = judge.compared
            judge.chain(chain)
            if part > 0:
                strays += trail.follow(chain, judge.compared > compared)
            judge.ledger.note(chain)
            judge.origin += 1
    return Reading(
        judge.judged, judge.definitions, judge.compared, tuple(judge.unjudged), tuple(judge.misses), tuple(strays)
    )


class _Judge:
    """Goes through the chains of a text and counts."""

    def __init__(self, context: Context, readings: Readings) -> None:
        self.context, self.readings, self.ledger = context, readings, Ledger(context)
        self.worked: dict[Symbol, list[Value]] = {}
        """What the lines of the part work out."""
        self.numeric = self.alone = False
        self.origin = self.judged = self.definitions = self.compared = 0
        self.unjudged: list[Unjudged] = []
        self.misses: list[Miss] = []

    def chain(self, chain: Statement) -> None:
        self.alone = len(chain.pieces) == 2
        self.numeric = any((tree := self.ledger.tree(piece)) is not None and is_numeric(tree) for piece in chain.pieces)
        for at, (left, relation, right) in enumerate(
            zip(chain.pieces, chain.relations, chain.pieces[1:], strict=False)
        ):
            if relation not in ("=", r"\approx"):
                continue
            link = Miss(left, relation, right)
            one, other = self.ledger.tree(left), self.ledger.tree(right)
            if is_naming(one, other, right):
                continue
            if one is None or other is None:
                self.unjudged.append(Unjudged(link, _why(left, right)))
            elif is_numeric(one) and is_numeric(other):
                continue
            elif is_numeric(other):
                self._substituted(one, relation, other, link)
            elif is_numeric(one):
                self._substituted(other, "=", one, link)
            elif relation == "=":
                self._formulas(one, other, link, at)
            else:
                self.unjudged.append(Unjudged(link, "approximate"))
        self._work(chain)

    def _substituted(self, formula: Node, relation: str, printed: Node, link: Miss) -> None:
        """A formula with a number beside it: its value at the numbers given so far."""
        claimed = self.ledger.numeric(printed)
        if is_named(formula):
            self._result(formula, claimed, link)
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

    def _result(self, node: Node, claimed: Value | None, link: Miss) -> None:
        """A name with a number beside it: what was worked out for it in the same part; else the ledger takes it."""
        symbol = self.ledger.symbol(node)
        if symbol is None or claimed is None:
            return
        if worked := self.worked.get(symbol):
            if any(_agrees(value, r"\approx", claimed, link.right) for value in worked):
                self.compared += 1
            elif self.alone:
                self.misses.append(link)

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
            self.definitions += 1
            return
        found, reason = False, ""
        readings = self.readings.readings(self.origin) if own else self.readings.shared(self.ledger.latest)
        for name, worlds in readings:
            held, trivial = list[bool](), "0" not in link.left + link.right
            for world in worlds:
                try:
                    left, right = value_of(one, world), value_of(other, world)
                    held.append(near(left, right, SLACK))
                    trivial = trivial and near(left, times(0.0, left), SLACK)
                except UndefinedError as problem:
                    reason = reason or str(problem)
                if False in held or len(held) == ENOUGH:
                    break
            found = found or bool(held)
            # Where everything vanishes, everything is equal.
            if held and all(held) and not (trivial and name == LAST):
                self.judged += 1
                return
        if not found:
            self.unjudged.append(Unjudged(link, reason))
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
