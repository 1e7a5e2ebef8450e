"""In which worlds two formulas of a text are compared: made-up ones first, at last the one that the question gives."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from generator.replay.arrays import Array, Value
from generator.replay.context import INDEX_LETTERS, POSITIVE, Context
from generator.replay.ledger import Ledger
from generator.replay.lookup import entry_key
from generator.replay.tree import Best, Index, Name, Node, parts_of
from generator.replay.world import Definition, Setting, Symbol, World, invented

MOST_GIVEN = 5
"""Sums that have more terms in the question are tried with fewer."""
MOST_CHOICES = 24
LAST = "last"
"""Readings in which names may stand for what they are only said to be somewhere."""
SPECIAL = frozenset({LAST, "solved", "optimum", "given", "printed"})
"""Readings in which numbers are not just any."""
STIR = 2e-3

FIRST = (Index("", 1),)
_HATTED = re.compile(r"^\\hat\{(.+)\}$|\^\*$")
_ODD = re.compile(r"(\\?[a-zA-Z]+)\(-(\w)\) = -\1\(\2\)")
_NORMAL = re.compile(r"one-hot|add up to 1")


class Readings:
    """What the names of a text may stand for: every reading is a list of worlds.

    ``given`` has the numbers of the question, ``everything`` those of the whole text.
    """

    def __init__(self, context: Context, text: str, given: Mapping[Symbol, Value], everything: Mapping[Symbol, Value]):
        self.context, self.text, self.given, self.everything = context, text, given, everything
        self.parameters = {
            parameter.key
            for named in context.defined
            for parameter in named.definition.parameters
            if not parameter.indices
        }
        """What functions are functions of: it has no value but where an equation for it has been solved."""
        self.first = self.definitions(None, last=False)
        self.last = self.definitions(None, last=True)
        self.several = self.first != self.last
        self._made: list[tuple[str, list[World]] | None] = []
        self._making = self.readings(None)

    def definitions(
        self, without: int | None, *, last: bool, solved: bool = True, best: bool = False
    ) -> dict[str, tuple[Definition, ...]]:
        """What names are said to be, but for one statement; of several ways the first or last comes first.

        ``best`` asks for those, too, that are said to be where something is least, which take long to find.
        """
        found: dict[str, list[Definition]] = {}
        for named in self.context.defined:
            if isinstance(named.definition.body, Best) and not best:
                continue
            if named.origin != without and (solved or named.key not in self.parameters):
                found.setdefault(named.key, []).append(named.definition)
        return {key: tuple(reversed(some)) if last else tuple(some) for key, some in found.items()}

    def shared(self, latest: Mapping[Symbol, Value], *, stir: bool = False) -> Iterator[tuple[str, list[World]]]:
        """The readings that are the same for all links, made when they are first needed; at last the printed numbers.

        Where both sides have letters, ``stir`` moves what is 0 or 1 in the question, by which much holds by chance.
        """
        for at in itertools.count():
            if at == len(self._made):
                self._made.append(next(self._making, None))
            reading = self._made[at]
            if reading is None:
                break
            yield reading
        near = {
            symbol: self._stirred(symbol, value)
            for symbol, value in self.given.items()
            if stir and not symbol[1] and isinstance(value, float) and value in (-1.0, 0.0, 1.0)
        }
        settings = [replace(self.at_given, numbers=dict(latest), numbers_first=True)]
        settings += [replace(settings[0], numbers={**latest, **near})] if near else []
        yield "printed", [World(setting) for setting in settings]

    def readings(self, own: int | None) -> Iterator[tuple[str, list[World]]]:
        """Worlds to compare two formulas in; a link holds if it does in all worlds of one reading.

        ``own`` is a statement whose definitions are left out, for it is they that are compared with others.
        """
        context, free = self.context, self.free
        if own is None:
            yield "free", _several(free)
        first = self.definitions(own, last=False, solved=False)
        defined = replace(free, definitions=first, numbers_first=False)
        yield "defined", _several(defined)
        first = self.first if own is None else self.definitions(own, last=False)
        defined = replace(free, definitions=first, numbers_first=False)
        yield LAST, _several(defined)
        if self.several:
            last = self.last if own is None else self.definitions(own, last=True)
            yield LAST, _several(replace(defined, definitions=last))
        if solved := self._solved():
            several = {key: (*some, *first.get(key, ())) for key, some in solved.items()}
            yield "solved", _several(replace(defined, definitions={**first, **several}))
        shapes = {key: shape for key, shape in context.sizes.shapes.items() if key.startswith((r"\math", r"\bold"))}
        if len(shapes) < len(context.sizes.shapes):
            flat = replace(defined, sizes=replace(context.sizes, shapes=shapes))
            yield "scalar", _several(flat)
            if self.several and own is None:
                yield LAST, _several(replace(flat, definitions=self.last))
        if r"\arg" in self.text:
            best = self.definitions(own, last=False, best=True)
            few = dict.fromkeys(context.sizes.counts, 2)
            yield "optimum", _several(replace(defined, definitions=best, counts=few))[::2]
        if "max" in self.text or "|" in self.text:
            yield "positive", _several(defined)[::2]
        if both := context.both:
            yield "signs", [World(self.signed(dict.fromkeys(both, sign), defined)) for sign in (1.0, -1.0)]
        if odd := frozenset(found[1] for found in _ODD.finditer(self.text)):
            yield "odd", _several(replace(free, odd=odd))
            yield "odd", _several(replace(defined, odd=odd))
        if _NORMAL.search(self.text):
            # Probabilities and targets, by their usual names.
            normal = frozenset({"t", "p", "q"})
            yield "normal", _several(replace(defined, normal=normal))
            yield "normal", _several(replace(free, normal=normal))
        near = {symbol: self._stirred(symbol, value) for symbol, value in self.given.items()}
        settings = [replace(defined, invented=False, numbers=numbers) for numbers in (self.given, near)]
        yield "given", [World(setting) for setting in settings]

    def _stirred(self, symbol: Symbol, value: Value) -> Value:
        """A number close to a given one: what holds by chance at a 0 or a 1 does not hold there."""
        key, place = symbol
        if key in self.context.sizes.counts or (key in INDEX_LETTERS and not place):
            return value
        if isinstance(value, float):
            return value + _noise(key, place)
        noise = [[_noise(key, (i + 1, j + 1)) for j in range(value.shape[1])] for i in range(value.shape[0])]
        stirred: Array = value + np.array(noise)
        return stirred

    def signed(self, signs: Mapping[str, float], setting: Setting | None = None) -> Setting:
        """Numbers with these signs; what is only ever said to be positive is positive."""
        always = frozenset(POSITIVE.findall(self.text)) - self.context.both
        shapes = {key: shape for key, shape in self.context.sizes.shapes.items() if key not in signs}
        setting = setting or replace(self.free, definitions=self.first, numbers_first=False)
        sizes = replace(self.context.sizes, shapes=shapes)
        return replace(setting, sizes=sizes, positive=False, signs={**dict.fromkeys(always, 1.0), **signs})

    @cached_property
    def free(self) -> Setting:
        """Nothing but made-up numbers, and counts as given."""
        counts = {
            key: int(value)
            for key in self.context.sizes.counts
            if isinstance(value := self.given.get((key, ())), float) and 0 < value <= MOST_GIVEN
        }
        return Setting(self.context.sizes, functions=self.context.functions, counts=counts)

    @cached_property
    def at_given(self) -> Setting:
        """The numbers of the question, and what is defined by them."""
        return replace(self.free, definitions=self.first, numbers_first=False, invented=False, numbers=self.given)

    def _solved(self) -> dict[str, tuple[Definition, ...]]:
        """Names with a hat or a star stand for what solves the equations: plain names take their values.

        So does the first of several solutions that are numbered, where nothing else is said of the name.
        """
        found: dict[str, tuple[Definition, ...]] = {}
        for named in self.context.defined:
            plain = _HATTED.sub(r"\1", named.key)
            indices = named.definition.indices
            if plain != named.key and not named.definition.parameters:
                found[plain] = (Definition(indices, (), Name(named.key, indices)),)
            elif (
                indices == FIRST and (plain, 1, 0) in self.context.sizes.extents and (plain, ()) not in self.everything
            ):
                found.setdefault(plain, (Definition((), (), Name(plain, indices)),))
        return found

    def numbered(self, formula: Node, ledger: Ledger) -> Iterator[Setting]:
        """The numbers given so far: the last ones, then earlier ones of names that were given several."""
        base = Setting(
            self.context.sizes,
            invented=False,
            numbers=dict(ledger.latest),
            definitions=self.first,
            functions=self.context.functions,
        )
        yield base
        yield replace(base, numbers_first=False)
        if self.several:
            yield replace(base, definitions=self.last)
            yield replace(base, numbers_first=False, definitions=self.last)
        yield replace(base, numbers_first=False, common=True)
        yield replace(base, numbers={**self.everything, **base.numbers})
        used = {entry_key(part.key, len(part.indices)) for part in parts_of(formula) if isinstance(part, Name)}
        several = [
            (symbol, values) for symbol, values in ledger.values.items() if len(values) > 1 and symbol[0] in used
        ]
        choices = itertools.product(*(values for _, values in several))
        for choice in itertools.islice(choices, 1, MOST_CHOICES):
            changed = {symbol: value for (symbol, _), value in zip(several, choice, strict=True)}
            yield replace(base, numbers={**base.numbers, **changed})


def _noise(key: str, place: tuple[int, ...]) -> float:
    """A small number, the same for an entry however it is named, and for the two that symmetry makes equal."""
    return STIR * invented(1, True, entry_key(key, 2), tuple(sorted((*place, 1)[:2])))


def _several(setting: Setting) -> list[World]:
    return [World(setting), World(replace(setting, seed=3, positive=False)), World(replace(setting, seed=2))]
