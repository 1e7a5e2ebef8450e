"""What a name is worth in a world: its value given, its definition, an entry of a matrix, or a made-up number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from generator.replay.arrays import Array, UndefinedError, Value, number
from generator.replay.tree import Call, Index, Name, Node
from generator.replay.world import Symbol, World, invented

Evaluate: TypeAlias = Callable[[Node, World], Value]

_BOLD = re.compile(r"\\(?:mathbf|boldsymbol)\{(\\?[a-zA-Z]+)\}")
_BAR = re.compile(r"\\bar\{(.+)\}")
_MARK = re.compile(r"\^.*")


def entry_key(key: str, indices: int) -> str:
    r"""The name of an entry: ``w`` for the entries of ``\mathbf{w}`` and, with two indices, of ``W``."""
    plain = _BOLD.sub(r"\1", key)
    return plain[:1].lower() + plain[1:] if indices == 2 else plain


def symbol_of(name: Name, world: World) -> Symbol:
    """What a name is filed under: entries of matrices and vectors under the plain small letter."""
    if not name.indices:
        return name.key, ()
    place = world.place(name.indices)
    # An entry of a list of vectors is a vector.
    return name.key if len(place) == 1 else entry_key(name.key, len(place)), place


def call_symbol(call: Call, world: World) -> Symbol | None:
    """What the value of a function at named places is filed under."""
    places = [symbol_of(part, world) for part in call.arguments if isinstance(part, Name)]
    if len(places) != len(call.arguments):
        return None
    return f"{call.name.key}({'; '.join(f'{key}{list(place)}' for key, place in places)})", ()


def worth(name: Name, world: World, evaluate: Evaluate) -> Value:
    """The value of a name."""
    if name.key == r"\delta" and len(name.indices) == 2:
        one, other = world.place(name.indices)
        return float(one == other)
    if not name.indices and name.key in world.letters:
        return float(world.letters[name.key])
    symbol = symbol_of(name, world)
    if symbol in world.fixed:
        return world.fixed[symbol]
    if symbol in world.memo:
        return world.memo[symbol]
    if symbol in world.pure and isinstance(pure := world.pure[symbol], float):
        return pure
    cuts = world.cuts[0]
    value = _looked_up(name, symbol, world, evaluate)
    if world.cuts[0] == cuts:
        world.memo[symbol] = value
    return value


def _looked_up(name: Name, symbol: Symbol, world: World, evaluate: Evaluate) -> Value:
    setting = world.setting
    if setting.numbers_first and (given := given_value(symbol, world)) is not None:
        return given
    given = given_value(symbol, world)
    if (body := _definition(name, symbol, world)) is not None:
        try:
            return evaluate(*body)
        except UndefinedError:
            if given is None:
                raise
    if given is not None:
        if isinstance(given, float) and name.key not in setting.definitions:
            world.pure[symbol] = given
        return given
    cuts = world.cuts[0]
    for reading in (_as_function, _of_whole, _extended, _bold, _array_named, _normal):
        if (value := reading(name, world, evaluate)) is not None:
            return value
    value = world.made_up(symbol)
    if world.cuts[0] == cuts:
        world.pure[symbol] = value
    return value


def given_value(symbol: Symbol, world: World) -> Value | None:
    """The number printed for a name, or the vector of which only the entries are printed."""
    numbers = world.setting.numbers
    key, place = symbol
    sizes = world.setting.sizes
    if place and world.setting.common and (key, ()) in numbers:
        return numbers[key, ()]
    if (found := numbers.get(symbol)) is not None or place or not numbers:
        return found
    plain = entry_key(key, 1)
    places = sizes.orders.get(plain) or range(1, sizes.extents.get((plain, 1, 0), 0) + 1)
    entries = [entry for at in places if isinstance(entry := numbers.get((plain, (at,))), float)]
    return np.array(entries).reshape(-1, 1) if entries and len(entries) == len(places) else None


def _definition(name: Name, symbol: Symbol, world: World) -> tuple[Node, World] | None:
    """The body of the name's definition and the world to read it in."""
    if symbol in world.open:
        world.cuts[0] += 1
        return None
    for definition in world.setting.definitions.get(name.key, ()):
        if definition.parameters or len(definition.indices) != len(name.indices):
            continue
        if (letters := bound_letters(definition.indices, symbol[1])) is not None:
            return definition.body, world.following(symbol, letters)
    return None


def bound_letters(indices: tuple[Index, ...], place: tuple[int, ...]) -> dict[str, int] | None:
    """The values of the letters on the left side of a definition, or None where it is for another entry."""
    letters: dict[str, int] = {}
    for index, at in zip(indices, place, strict=True):
        if index.letter:
            if letters.setdefault(index.letter, at - index.offset) != at - index.offset:
                return None
        elif index.offset != at:
            return None
    return letters


def _as_function(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    """A function's name alone stands for its value at its own parameters."""
    plain = name.key.rstrip("'")
    parameters = world.setting.functions.get(name.key) or world.setting.functions.get(plain)
    if name.indices or not parameters or not world.setting.definitions:
        return None
    if (name.key, ()) in world.open:
        world.cuts[0] += 1
        return None
    if plain == name.key and plain not in world.setting.definitions and not world.setting.invented:
        return None
    return evaluate(Call(name, parameters), world.following((name.key, ()), world.letters))


def _of_whole(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    """An entry of a vector or matrix that is defined as a whole."""
    if not 1 <= len(name.indices) <= 2 or not world.setting.definitions:
        return None
    place = world.place(name.indices)
    for key in wholes(name.key, len(place)):
        whole_ones = [d for d in world.setting.definitions.get(key, ()) if not d.indices and not d.parameters]
        if whole_ones and (key, ()) in world.open:
            world.cuts[0] += 1
        elif whole_ones and (key, ()) not in world.fixed:
            try:
                whole = worth(Name(key), world, evaluate)
            except UndefinedError:
                continue
            if isinstance(whole, np.ndarray):
                return _entry_of(whole, name.key, place, world)
    return None


def wholes(key: str, indices: int) -> Iterator[str]:
    """What a vector or matrix may be called of which this is an entry with so many indices."""
    capital = key[:1].upper() + key[1:]
    letter = _MARK.sub("", key)
    mark = key[len(letter) :]
    yield key
    for whole in (letter, letter.upper()) if indices == 2 else (letter,):
        yield rf"\mathbf{{{whole}}}{mark}"
        yield rf"\boldsymbol{{{whole}}}{mark}"
    if indices == 2 and capital != key:
        yield capital


def _entry_of(whole: Array, key: str, place: tuple[int, ...], world: World) -> Value | None:
    if len(place) == 1:
        order = world.setting.sizes.orders.get(_MARK.sub("", key), tuple(range(1, whole.shape[0] + 1)))
        if whole.shape[1] != 1 or place[0] not in order or len(order) != whole.shape[0]:
            return None
        return float(whole[order.index(place[0]), 0])
    if not all(1 <= at <= size for at, size in zip(place, whole.shape, strict=True)):
        return None
    return float(whole[place[0] - 1, place[1] - 1])


def _bold(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    key, shapes, width = name.key, world.setting.sizes.shapes, world.setting.sizes.width
    if key in (r"\mathbf{I}", r"\mathbf{0}") and not name.indices:
        return np.eye(width) if key == r"\mathbf{I}" else np.zeros((width, 1))
    found = _BOLD.match(key)
    if found is None or not world.setting.invented:
        return None
    capital = found[1][:1].isupper()
    if len(name.indices) == 1 and not capital:
        if key.replace(found[1], found[1].upper()) not in shapes:
            return _printed_row(key, name, world, evaluate)
        columns = shapes.get(key.replace(found[1], found[1].upper()), (0, width))[1]
        at, plain = world.place(name.indices)[0], entry_key(key, 2)
        return np.array([[_entry((plain, (at, j)), world, evaluate)] for j in range(1, columns + 1)])
    if name.indices:
        return None
    length = world.setting.sizes.extents.get((entry_key(key, 1), 1, 0), 0)
    usual = (width, width) if capital else (length if world.setting.sizes.extended and length else width, 1)
    return _array(key, shapes.get(key, usual), world, evaluate)


def _array_named(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    """A vector or matrix of which the shape is known, or a vector of which entries are defined."""
    sizes = world.setting.sizes
    if name.indices:
        return None
    shape = sizes.shapes.get(name.key)
    entries = [found for found in world.setting.definitions.get(name.key, ()) if len(found.indices) == 1]
    if shape is None and world.setting.invented and (length := sizes.vectors.get(name.key)) is not None:
        shape = (int(number(evaluate(length, world))), 1)
    if shape is None and entries:
        shape = (sizes.extents.get((name.key, 1, 0), 0), 1)
    if shape is None or not (world.setting.invented or entries) or not shape[0]:
        return None
    return _array(name.key, shape, world, evaluate)


def _extended(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    """A vector with a 1 at its end, as the text says of the bar over it."""
    found = _BAR.fullmatch(name.key)
    if found is None or not world.setting.sizes.extended:
        return None
    try:
        inner = worth(Name(found[1], name.indices), world, evaluate)
    except UndefinedError:
        inner = _printed_row(found[1], name, world, evaluate)
    if isinstance(inner, float):
        inner = np.array([[inner]])
    return np.vstack([inner, np.ones((1, 1))])


def _printed_row(key: str, name: Name, world: World, evaluate: Evaluate) -> Value:
    """The row of a table that stands for one of many vectors, or its only entry."""
    plain, place = entry_key(key, 2), world.place(name.indices)
    length = world.setting.sizes.extents.get((plain, 1 + len(place), len(place)), 0)
    if not length:
        return worth(Name(plain, name.indices), world, evaluate)
    return np.array([[_entry((plain, (*place, at)), world, evaluate)] for at in range(1, length + 1)])


def _array(key: str, shape: tuple[int, int], world: World, evaluate: Evaluate) -> Value:
    """A vector or matrix of its entries; kept for good where neither they nor it are defined or held fixed."""
    plain = entry_key(key, 1 if shape[1] == 1 else 2)
    if (key, ()) in world.pure and not any(name == plain for name, _ in world.fixed):
        return world.pure[key, ()]
    value = _of_entries(key, shape, world, evaluate)
    if not any(name in (plain, key) for name in world.setting.definitions) and not world.fixed:
        world.pure[key, ()] = value
    return value


def _of_entries(key: str, shape: tuple[int, int], world: World, evaluate: Evaluate) -> Array:
    rows, columns = shape
    if columns == 1:
        plain = entry_key(key, 1)
        order = world.setting.sizes.orders.get(_MARK.sub("", plain), ())
        places = order if len(order) == rows else tuple(range(1, rows + 1))
        return np.array([[_entry((plain, (at,)), world, evaluate)] for at in places])
    plain = entry_key(key, 2)
    return np.array(
        [[_entry((plain, (i, j)), world, evaluate) for j in range(1, columns + 1)] for i in range(1, rows + 1)]
    )


def _entry(symbol: Symbol, world: World, evaluate: Evaluate) -> float:
    return number(worth(Name(symbol[0], tuple(Index("", at) for at in symbol[1])), world, evaluate))


def _normal(name: Name, world: World, evaluate: Evaluate) -> Value | None:
    """An entry of a vector whose entries add up to 1; one-hot where numbers of both signs are made up."""
    setting = world.setting
    if name.key not in setting.normal or len(name.indices) != 1:
        return None
    length = setting.sizes.lengths.get((name.key, 1, 0))
    total = (
        int(number(evaluate(length, world))) if length is not None else setting.sizes.extents.get((name.key, 1, 0), 3)
    )
    at = world.place(name.indices)[0]
    if not setting.positive:
        return float(at == 1)
    parts = [invented(setting.seed, True, name.key, (place,)) for place in range(1, total + 1)]
    return parts[at - 1] / sum(parts) if 1 <= at <= total else 0.0
