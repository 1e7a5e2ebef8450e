"""What a whole text says of its names: which are functions, vectors, counts, and what they are defined to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.replay.grammar import parse, scale_of
from generator.replay.lookup import entry_key
from generator.replay.statements import Statement
from generator.replay.tokens import UnreadableError
from generator.replay.tree import Big, Call, Grid, Name, Node, Number, Operation, is_numeric, parts_of
from generator.replay.world import Definition, Sizes

_BARE = r"(?:\\(?:hat|tilde|bar|mathbf|boldsymbol)\{\\?[a-zA-Z]+\}|\\operatorname\{\w+\}|\\[a-z]+|[a-zA-Z])"
_INDEX = r"(?:_(?:\{\w+\}|\w))?(?:\^\{?2\}?)?"
_CALL = re.compile(rf"(?<![_^\\a-zA-Z{{])({_BARE})('*)\(({_BARE}{_INDEX}(?:\s*(?:[,;]|\\mid)\s*{_BARE}{_INDEX})*)\)")
_KNOWN = frozenset({r"\exp", r"\ln", r"\log", r"\sin", r"\cos", r"\tan", r"\tanh", r"\max", r"\min", r"\det"})
_EXTENDED = re.compile(r"\\bar\b.{0,80}?\b1 (?:added|appended)\b", re.DOTALL)
DOTTED = re.compile(r"(?:\\left)?\([^()]*\\[lc]?dots\s*,[^()]*?_\{?(\w)\}?(?:\\right)?\)")
_SQUARE = Number(2.0, "2")
_ZERO = Name(r"\mathbf{0}")
POSITIVE = re.compile(r"\$(\\?[a-zA-Z]+) > 0\b")
_NEGATIVE = re.compile(r"\$(\\?[a-zA-Z]+) < 0\b")
INDEX_LETTERS = frozenset("ijklm")


@dataclass(frozen=True, slots=True)
class Named:
    """A name on the left of a statement and what it is said to be; ``origin`` tells statements apart."""

    key: str
    definition: Definition
    origin: int


@dataclass(frozen=True, slots=True)
class Context:
    """All that formulas of a text need to be read: functions with their parameters, sizes, and definitions."""

    functions: Mapping[str, tuple[Name, ...]]
    sizes: Sizes
    defined: tuple[Named, ...]
    words: frozenset[str]
    """The names of functions, as the grammar takes them."""
    both: frozenset[str]
    """Names that are now said to be positive, now negative."""

    def tree(self, tex: str) -> Node | None:
        """The tree of a piece, or None where it cannot be read."""
        return _tree(tex, self.words)


@dataclass(slots=True)
class _Seen:
    """What the formulas of a text show of its names, gathered one by one."""

    shapes: dict[str, tuple[int, int]] = field(default_factory=dict)
    orders: dict[str, tuple[int, ...]] = field(default_factory=dict)
    vectors: dict[str, Name] = field(default_factory=dict)
    counts: set[str] = field(default_factory=set)
    ranges: dict[str, Node] = field(default_factory=dict)
    extents: dict[tuple[str, int, int], int] = field(default_factory=dict)
    lengths: dict[tuple[str, int, int], Node] = field(default_factory=dict)

    letters: dict[str, set[tuple[str, int, int]]] = field(default_factory=dict)

    def limits(self) -> dict[str, int]:
        """The largest value of each index letter that is an entry of all the names that it stands at."""
        found = {}
        for letter, places in self.letters.items():
            # Of "x_1, …, x_n" only the first entry is printed.
            known = [self.extents[place] for place in places if place in self.extents and place not in self.lengths]
            known += [int(high.value) for place in places if isinstance(high := self.lengths.get(place), Number)]
            if known:
                found[letter] = min(known)
        return found

    def look_at(self, tree: Node) -> None:
        for part in parts_of(tree):
            match part:
                case Name(key, indices):
                    for at, index in enumerate(indices):
                        place = (entry_key(key, len(indices)), len(indices), at)
                        if index.letter:
                            self.letters.setdefault(index.letter, set()).add(place)
                        else:
                            self.extents[place] = max(index.offset, self.extents.get(place, 0))
                case Big(_, letter, _, high, _, body) if high is not None:
                    self.ranges.setdefault(letter, high)
                    if isinstance(high, Name):
                        self.counts.add(high.key)
                    for name in parts_of(body):
                        if isinstance(name, Name):
                            self._summed(name, letter, high)
                case Operation("factorial", (Name(key, _),)):
                    self.counts.add(key)
                case _:
                    pass

    def _summed(self, name: Name, letter: str, high: Node) -> None:
        for at, index in enumerate(name.indices):
            if index.letter == letter:
                self.lengths.setdefault((entry_key(name.key, len(name.indices)), len(name.indices), at), high)

    def shape(self, left: Node, rights: list[Node]) -> None:
        if not isinstance(left, Name) or left.indices:
            return
        for right in rights:
            if isinstance(right, Grid):
                rows, columns = len(right.rows), len(right.rows[0])
                self.shapes.setdefault(left.key, (rows, columns))
                if columns > 1:
                    self.extents.setdefault((entry_key(left.key, 2), 2, 0), rows)
                    self.extents.setdefault((entry_key(left.key, 2), 2, 1), columns)
                self._order(left, right)

    def _order(self, left: Name, right: Grid) -> None:
        r"""How the entries are numbered where they are printed, as in ``w = (w_1, w_2, w_0)``."""
        places = []
        for row in right.rows:
            name = row[0]
            if len(row) != 1 or not isinstance(name, Name) or len(name.indices) != 1 or name.indices[0].letter:
                return
            places.append(name.indices[0].offset)
        self.orders.setdefault(entry_key(left.key, 1), tuple(places))


def context_of(text: str, chains: Iterable[Statement]) -> Context:
    """Read the names of a text, question and key together."""
    functions = _functions(text)
    words = frozenset(functions)
    seen, defined = _Seen(), list[Named]()
    both = frozenset(POSITIVE.findall(text)) & frozenset(_NEGATIVE.findall(text))
    clause, one_sided = 0, False
    for origin, chain in enumerate(chains):
        if chain.clause != clause:
            clause, one_sided = chain.clause, False
        one_sided = one_sided or (chain.pieces[0] in both and chain.relations[:1] in (("<",), (">",)))
        pieces = [_tree(piece, words) for piece in chain.pieces]
        for piece in pieces:
            if piece is not None:
                seen.look_at(piece)
        for at, (left, relation) in enumerate(zip(pieces, chain.relations, strict=False)):
            if isinstance(left, Name) and (dotted := DOTTED.match(chain.pieces[at + 1])):
                seen.vectors.setdefault(left.key, Name(dotted[1]))
            if left is not None and relation == "=":
                rights = _equal_to(pieces, chain.relations, at)
                seen.shape(left, rights)
                # What is said for x > 0 alone is no definition.
                if not one_sided and not _at_a_place(left, functions):
                    defined += _definitions(left, rights, origin)
    width = seen.shapes.get(r"\mathbf{X}", (0, 2))[1]
    extended = _EXTENDED.search(text) is not None
    sizes = Sizes(
        seen.shapes,
        seen.vectors,
        seen.orders,
        frozenset(seen.counts),
        seen.ranges,
        seen.extents,
        seen.lengths,
        seen.limits(),
        width,
        extended,
    )
    return Context(functions, sizes, tuple(defined), words, both)


def _tree(piece: str, words: frozenset[str]) -> Node | None:
    try:
        return parse(piece, words)
    except UnreadableError:
        return None


def _parameter(tex: str) -> Node | None:
    tree = _tree(tex.strip(), frozenset())
    return None if tree is None else scale_of(tree)


def _functions(text: str) -> dict[str, tuple[Name, ...]]:
    found: dict[str, tuple[Name, ...]] = {}
    calls = _CALL.findall(text)
    for name, primes, arguments in sorted(calls, key=lambda call: bool(call[1])):
        if name in _KNOWN or name + primes in found:
            continue
        parameters = [_parameter(argument) for argument in re.split(r"[,;]|\\mid", arguments)]
        if all(isinstance(parameter, Name) for parameter in parameters):
            names = tuple(parameter for parameter in parameters if isinstance(parameter, Name))
            if len(found.setdefault(name, names)) > len(names):
                # A layer y(x, a) has a derivative y'(x).
                found.setdefault(name + primes, names)
    found.setdefault(r"\sigma", ())
    return found


def _equal_to(pieces: list[Node | None], relations: tuple[str, ...], at: int) -> list[Node]:
    """The pieces that a piece is said to equal, to its right."""
    found = []
    for relation, piece in zip(relations[at:], pieces[at + 1 :], strict=True):
        if relation != "=":
            break
        if piece is not None:
            found.append(piece)
    return found


def head(node: Node) -> Name | None:
    """The name that a left side defines, if it is one."""
    match node:
        case Name():
            return node
        case Operation("power", (Name() as base, exponent)) if exponent == _SQUARE:
            return base
        case Operation("power", (Operation("e", ()), Name() as base)):
            return base
        case Call(name, arguments) if all(isinstance(argument, Name) for argument in arguments):
            return name
    return None


def _at_a_place(left: Node, functions: Mapping[str, tuple[Name, ...]]) -> bool:
    """Whether this is the value of a function at one entry of many, which says nothing of the others."""
    if not isinstance(left, Call) or functions.get(left.name.key) == left.arguments:
        return False
    names = [argument for argument in left.arguments if isinstance(argument, Name)]
    return any(not index.letter for name in names for index in name.indices)


def _definitions(left: Node, rights: list[Node], origin: int) -> Iterator[Named]:
    """What a left side is said to be: the first and the last formula beside it."""
    formulas = [right for right in rights if not is_numeric(right) and right != _ZERO]
    for body in dict.fromkeys((*formulas[:1], *formulas[-1:])):
        if (named := _definition(left, body, origin)) is not None:
            yield named


def _definition(left: Node, body: Node, origin: int) -> Named | None:
    match left:
        case Operation("power", (Name() as base, exponent)) if exponent == _SQUARE:
            left, body = base, Operation("root", (body,))
        case Operation("power", (Operation("e", ()), Name() as base)):
            left, body = base, Operation("ln", (body,))
    if isinstance(left, Name):
        # "i = j" is a case, "W = (w_ij)" names the entries, and "y = y(x)" says of what y is a function.
        if isinstance(body, Call) and body.name.key == left.key and not left.indices:
            return None
        if isinstance(body, Name) and (len(body.indices) > len(left.indices) or body.key in INDEX_LETTERS):
            return None
        return Named(left.key, Definition(left.indices, (), body), origin)
    if isinstance(left, Call) and all(isinstance(argument, Name) for argument in left.arguments):
        parameters = tuple(argument for argument in left.arguments if isinstance(argument, Name))
        return Named(left.name.key, Definition(left.name.indices, parameters, body), origin)
    return None
