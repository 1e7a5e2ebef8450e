"""The numbers that a text has given its names so far, in the order in which it prints them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from generator.replay.arrays import UndefinedError, Value
from generator.replay.context import Context
from generator.replay.lookup import call_symbol, entry_key, symbol_of
from generator.replay.slopes import derivative_symbol
from generator.replay.statements import Statement
from generator.replay.tree import Call, Derivative, Grid, Index, Name, Node, Number, Operation, is_numeric
from generator.replay.valuation import value_of
from generator.replay.world import Setting, Symbol, World

_ROW = re.compile(r"^\|(.+)\|[ \t]*$", re.MULTILINE)
_LIST = re.compile(r"\$\$\s*(\w+)_1\s*,\s*\\[lc]?dots\s*,\s*\1_\{?\d+\}?\s*(?:\\colon|:)(.+?)\$\$", re.DOTALL)

_LISTED = re.compile(r"(?:\\left)?\((\w)_\{?1\}?,\s*\\[lc]?dots")


class Ledger:
    """Values by symbol; a name that is given several keeps them all, the last one first."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.world = World(Setting(context.sizes, invented=False))
        self.values: dict[Symbol, list[Value]] = {}
        self.given: frozenset[Symbol] = frozenset()
        """Names with a number in the question, which a mere "unless a = 1" of the key does not change."""
        self.aside = False
        self.latest: dict[Symbol, Value] = {}
        """The last value of every name."""
        self.numbered = World(Setting(context.sizes, invented=False, numbers=self.latest))
        """The world of the values so far, where indices that are numbers can be told."""

    def tree(self, tex: str) -> Node | None:
        """The tree of a piece, or None where it cannot be read."""
        return self.context.tree(tex)

    def numeric(self, node: Node | None) -> Value | None:
        """The value of a piece without names."""
        if node is None or not is_numeric(node):
            return None
        try:
            return value_of(node, self.world)
        except UndefinedError:
            return None

    def note(self, chain: Statement) -> None:
        """Enter what a chain of equations gives: the value at its end, for every name that stands alone in it."""
        for left, _, right in chain.links():
            if (listed := _LISTED.match(left)) and isinstance(value := self.numeric(self.tree(right)), np.ndarray):
                self._entries(listed[1], value)
        runs: list[list[Node | None]] = [[]]
        for piece, relation in zip(chain.pieces, ("=", *chain.relations), strict=True):
            if relation not in ("=", r"\approx"):
                runs.append([])
            runs[-1].append(self.tree(piece))
        for run in runs:
            self.aside = all(node is None or is_numeric(node) or isinstance(node, Name) for node in run)
            values = [value for node in run if (value := self.numeric(node)) is not None]
            if values:
                for node in run:
                    if node is not None and not is_numeric(node):
                        self.enter(node, values[-1])

    def enter(self, node: Node, value: Value) -> None:
        """Enter the value of a name, or of what determines one."""
        try:
            self._enter(node, value)
        except UndefinedError:
            return

    def _enter(self, node: Node, value: Value) -> None:
        match node:
            case Name(key, indices) if indices or not isinstance(value, np.ndarray):
                self._put(symbol_of(node, self.numbered), value)
            case Name(key, _):
                self._put((key, ()), value)
                self._entries(key, value)
            case Derivative():
                symbol = derivative_symbol(node, self.numbered)
                if symbol is not None:
                    self._put(symbol, value)
                    if len(node.by) == 1 and not node.by[0].indices:
                        head = symbol[0].rpartition("/")[0]
                        self._entries(node.by[0].key, value, lambda entry: (f"{head}/{entry[0]}{list(entry[1])}", ()))
            case Call(name, arguments):
                if self.context.functions.get(name.key) == arguments:
                    self._put((name.key, ()), value)
                if (filed := call_symbol(node, self.numbered)) is not None:
                    self._put(filed, value)
            case Operation("power", (Name() as base, Number(2.0, _))) if isinstance(value, float) and value >= 0:
                self._enter(base, math.sqrt(value))
            case Operation("power", (Operation("e", ()), Name() as exponent)) if isinstance(value, float) and value > 0:
                self._enter(exponent, math.log(value))
            case Grid(rows) if isinstance(value, np.ndarray) and value.shape == (len(rows), len(rows[0])):
                for place in np.ndindex(value.shape):
                    self._enter(rows[place[0]][place[1]], float(value[place]))

    def symbol(self, node: Node) -> Symbol | None:
        """What a name, or what is used as one, is filed under."""
        try:
            match node:
                case Name():
                    return symbol_of(node, self.numbered)
                case Derivative():
                    return derivative_symbol(node, self.numbered)
                case Call(name, arguments) if self.context.functions.get(name.key) == arguments:
                    return name.key, ()
                case Call():
                    return call_symbol(node, self.numbered)
        except UndefinedError:
            pass
        return None

    def _put(self, symbol: Symbol, value: Value) -> None:
        held = self.values.setdefault(symbol, [])
        for at, other in enumerate(held):
            if type(other) is type(value) and np.array_equal(other, value):
                if not (self.aside and symbol in self.given):
                    held.insert(0, held.pop(at))
                self.latest[symbol] = held[0]
                return
        held.insert(len(held) if self.aside and symbol in self.given else 0, value)
        self.latest[symbol] = held[0]

    def _entries(self, key: str, value: Value, made: Callable[[Symbol], Symbol] = lambda symbol: symbol) -> None:
        """Enter the entries of a vector or matrix under their own names."""
        if not isinstance(value, np.ndarray):
            return
        if value.shape[1] > 1:
            for i, j in np.ndindex(value.shape):
                self._put(made((entry_key(key, 2), (i + 1, j + 1))), float(value[i, j]))
            return
        plain = entry_key(key, 1)
        order = self.context.sizes.orders.get(plain.partition("^")[0], ())
        places = order if len(order) == value.shape[0] else range(1, value.shape[0] + 1)
        for at, entry in zip(places, value[:, 0].tolist(), strict=True):
            for place in _places(at):
                self._put(made((plain, place)), entry)
            self._put(made((entry_key(key, 2), (at, 1))), entry)

    def note_all(self, markdown: str, chains: Iterable[Statement]) -> None:
        """Enter all that a text gives."""
        self.note_lists(markdown)
        for chain in chains:
            self.note(chain)

    def note_lists(self, markdown: str) -> None:
        """Enter the values of tables with names in them, and of lists of observations."""
        for name, listed in _LIST.findall(markdown):
            for at, piece in enumerate(re.split(r",", re.sub(r"\\q?quad", " ", listed)), 1):
                if (value := self.numeric(self.tree(piece.strip().rstrip(".")))) is not None:
                    for place in _places(at):
                        self._put((name, place), value)
        for table in _tables(markdown):
            self._table(table)
            self._table([list(row) for row in zip(*table, strict=True)])

    def _table(self, table: list[list[str]]) -> None:
        """A table with a name at the head of its columns; the first column may number the rows."""
        for column in range(1, len(table[0])):
            head = self.tree(table[0][column])
            if not isinstance(head, Name):
                continue
            letter = next((index.letter for index in head.indices if index.letter), "")
            for row in table[1:]:
                value = self.numeric(self.tree(row[column]))
                if value is None:
                    continue
                if not letter:
                    self._put(symbol_of(head, self.world), value)
                elif row[0].isdigit():
                    places = tuple(Index("", int(row[0])) if index.letter else index for index in head.indices)
                    self._put(symbol_of(Name(head.key, places), self.world), value)


def _places(at: int) -> Iterator[tuple[int, ...]]:
    """A number as an index: two digits can also be read as two indices."""
    yield (at,)
    if at > 9:
        yield tuple(int(digit) for digit in str(at))


def _tables(markdown: str) -> Iterator[list[list[str]]]:
    for block in re.split(r"\n\s*\n", markdown):
        rows = [[_cell(cell) for cell in row.split("|")] for row in _ROW.findall(block)]
        kept = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
        if len(kept) > 1 and len({len(row) for row in kept}) == 1:
            yield kept


def _cell(text: str) -> str:
    """The formula at the end of a cell, or its words."""
    found = re.findall(r"\$([^$]+)\$", text)
    return str(found[-1]).strip() if found else text.strip()
