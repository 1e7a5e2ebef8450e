"""Forward and backward messages through a chain of linear layers, activations and a loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, pairwise
from itertools import product as product_of
from math import prod
from typing import Annotated, Self

from generator.draw import Draw, Level
from generator.exact import Log, Number, log, normal_form
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Rectangular,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.figure import Figure, Weight, network_figure, words
from generator.notation import Value, tex
from generator.solver.layer_chain import Activation, Chain, Loss
from generator.working import Line, Term, apply, line, num, product, total

SMOOTH: tuple[Activation, ...] = ("sigmoid", "tanh")
"""Exact only where their arguments are logarithms."""
SLOPED: tuple[Activation, ...] = ("leaky-relu", "prelu")
"""Activations with a constant, fixed or learned."""
FIRST: Mapping[Level, tuple[Activation, ...]] = {
    "easy": ("relu", "leaky-relu"),
    "medium": ("leaky-relu", "prelu", "hard-tanh", "sigmoid", "tanh"),
    "hard": ("relu", "leaky-relu", "prelu", "sigmoid", "tanh"),
}
SIZES: Mapping[Level, tuple[tuple[int, ...], ...]] = {
    "easy": ((2, 2, 1),),
    "medium": ((2, 2, 2), (3, 2, 2), (2, 3, 1), (2, 3, 2)),
    "hard": ((2, 2, 2, 1), (3, 2, 2, 1), (2, 3, 2, 1), (2, 2, 2, 2)),
}
LETTERS = (("u", "h"), ("v", "g"))
"""Arguments and values of the units of the hidden layers; the outputs are called o."""
SIMPLE = 144
"""Denominators up to this size."""
LONGEST = 250
"""Numerators up to this size."""
Plain = Annotated[int | Fraction, Between(-20, 20)]
Matrix = Annotated[tuple[tuple[Annotated[int | Fraction | Log, Between(-20, 20)], ...], ...], Rectangular(3)]


@exercise(title="Messages through a chain of layers", source=("D2", "D4", "E2b"))
@dataclass(frozen=True, slots=True)
class ChainOfLayers(Exercise):
    """An input, the matrices of the linear layers (a row per input), the activations between them, target and loss.

    ``constant`` is the slope of a leaky or parametric ReLU for negative arguments, null without such a layer.
    """

    x: Annotated[tuple[Annotated[int, Between(-20, 20)], ...], Length(1, 3)]
    weights: Annotated[tuple[Matrix, ...], Length(2, 3)]
    activations: Annotated[tuple[Activation, ...], Length(1, 2)]
    constant: Plain | None
    target: Annotated[tuple[Plain, ...], Length(1, 3)]
    loss: Loss

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        sizes = _sizes(d, level)
        activations: tuple[Activation, ...] = d.given(
            "activations", lambda: _draw_activations(d, level, len(sizes) - 2)
        )
        x = d.given("x", lambda: _draw_input(d, sizes[0]))

        def constant() -> Fraction | None:
            return Fraction(1, d.integer(2, 4)) if set(activations) & set(SLOPED) else None

        def weights() -> tuple[tuple[tuple[Number, ...], ...], ...]:
            first = _draw_logs(d, x, sizes[1]) if activations[0] in SMOOTH else _draw_matrix(d, *sizes[:2])
            return (first, *(_draw_matrix(d, *pair) for pair in pairwise(sizes[1:])))

        return cls(
            x=x,
            weights=d.given("weights", weights),
            activations=activations,
            constant=d.given("constant", constant),
            target=d.given("target", lambda: d.integers(sizes[-1], -4, 4)),
            loss=d.given("loss", lambda: "squared" if level == "easy" else d.pick(("squared", "absolute"))),
        )

    def conditions(self) -> Iterable[Condition]:
        shapes = [(len(matrix), len(matrix[0])) for matrix in self.weights]
        joined = all(below[1] == above[0] for below, above in pairwise(shapes))
        fits = joined and shapes[0][0] == len(self.x) and shapes[-1][1] == len(self.target)
        yield must("input, matrices and target fit together", fits)
        layered = len(self.activations) == len(self.weights) - 1
        yield must("between any two linear layers there is one activation", layered)
        sloped = [name for name in self.activations if name in SLOPED]
        yield must("at most one layer is a leaky or parametric ReLU", len(sloped) <= 1)
        given = self.constant is not None and 0 < self.constant < 1
        text = "a leaky or parametric ReLU has a constant between 0 and 1; without one, 'constant' is null"
        yield must(text, given if sloped else self.constant is None)
        yield must("only the first activation may be a sigmoid or tanh", not set(self.activations[1:]) & set(SMOOTH))
        first, *others = [[entry for row in matrix for entry in row] for matrix in self.weights]
        kinds = [isinstance(entry, Log) or (self.smooth and entry == 0) for entry in first]
        right = all(kinds) if self.smooth else not any(kinds)
        text = "the weights before a sigmoid or tanh are logarithms or 0, all other weights are plain numbers"
        yield must(text, right and not any(isinstance(entry, Log) for entry in chain(*others)))
        sums = [
            sum(x * float(w) for x, w in zip(self.x, column, strict=True))
            for column in zip(*self.weights[0], strict=True)
        ]
        small = max(abs(value) for value in sums) <= 10
        yield must("no argument of a sigmoid or tanh is beyond 10 in size", small or not self.smooth)
        values, names = forward(self)[1], _names(self)
        kinks = [
            values[name] in ((1, -1) if activation == "hard-tanh" else (0,))
            for activation, layer in zip(self.activations, names[1::2], strict=False)
            for name in layer
            if activation not in SMOOTH
        ]
        yield must("no argument lies where its activation has no derivative", not any(kinks))
        gaps = [values[name] - goal for name, goal in zip(names[-1], self.target, strict=True)]
        yield must("no output equals its target where the loss has no derivative", all(gaps) or self.loss == "squared")
        yield wanted("no output equals its target", all(gaps))
        yield wanted("no output is 0", all(values[name] for name in names[-1]))
        yield from self._quality(values, names)

    def _quality(self, values: Mapping[str, Value], names: Sequence[Sequence[str]]) -> Iterable[Condition]:
        yield wanted("no input is 0", all(self.x))
        yield wanted("not all inputs are equal", len(set(self.x)) > 1 or len(self.x) == 1)
        entries = [entry for matrix in self.weights for row in matrix for entry in row]
        yield wanted("no weight is 0", all(entries))
        both_ways = [rows for matrix in self.weights for rows in (matrix, tuple(zip(*matrix, strict=True)))]
        different = all(len(set(rows)) == len(rows) for rows in both_ways)
        yield wanted("no matrix has two equal rows or columns", different)
        for activation, layer in zip(self.activations, names[1::2], strict=False):
            if activation not in SMOOTH and len(layer) > 1:
                threshold = 1 if activation == "hard-tanh" else 0
                sides = {abs(values[name]) > threshold if threshold else values[name] > 0 for name in layer}
                yield wanted("the units of a layer lie on both sides of a kink", len(sides) == 2)
        outputs = [values[name] for layer in names[2::2] for name in layer]
        received = {name: entry.result for name, entry in backward(self).items()}
        messages = list(received.values())
        simple = all(
            Fraction(value).denominator <= SIMPLE and abs(Fraction(value).numerator) <= LONGEST
            for value in (*outputs, *messages, values["l"])
        )
        yield wanted("all values are simple fractions", simple)
        flat = {"relu", "hard-tanh"} & set(self.activations)
        yield wanted("only units at rest receive no message", bool(flat) or all(messages))
        yield wanted(
            "some message is not 0 in every layer", all(any(received[name] for name in layer) for layer in names[1:])
        )
        alike = len(set(messages)) > 2 or len(messages) < 5
        yield wanted("the messages are not all alike", alike)

    @property
    def smooth(self) -> bool:
        """Whether the first activation is a sigmoid or tanh."""
        return self.activations[0] in SMOOTH

    @property
    def learned(self) -> bool:
        """Whether an activation has a parameter to learn."""
        return "prelu" in self.activations

    def solve(self) -> Solution:
        lines, values = forward(self)
        names = _names(self)
        asked = [name for layer in names[1:] for name in layer]
        messages = backward(self)
        work = {"products": _products(self, messages), "slope": _constant_line(self, messages)}
        rooms = [(*asked, r"\ell"), tuple(_bar(name) for name in asked)]
        spaces = [*(Space("boxes", rows=8, names=room) for room in rooms), Space("blank", rows=6 * len(self.weights))]
        efforts = {"multiplications": sum(len(matrix) * len(matrix[0]) for matrix in self.weights)}
        answer = {**{name: values[name] for name in asked}, "l": values["l"]}
        rows = [tuple(chain(*(lines[name] for name in layer))) for layer in names[1:]]
        backwards = [tuple(messages[name] for name in layer) for layer in reversed(names[1:])]
        return Solution(
            (
                Part("a", "table", answer, 5, {"rows": rows, "loss": lines["l"][0]}, spaces[0]),
                Part("b", "table", _slopes(messages), 5, {"rows": backwards}, spaces[1]),
                Part("c", "table", gradients(self, messages), 4, work, spaces[2], extra_effort=efforts),
            ),
            work={"letters": LETTERS[: len(self.activations)], "deep": len(self.activations) > 1},
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        numbers = Chain(
            [float(value) for value in self.x],
            [[[float(entry) for entry in row] for row in matrix] for matrix in self.weights],
            self.activations,
            float(self.constant or 0),
            [float(value) for value in self.target],
            self.loss,
        )
        places = {}
        for number, layer in enumerate(_names(self)[1:]):
            for j, name in enumerate(layer):
                places[name] = ("after" if number % 2 else "before", number // 2, j, 0)
        values, loss = numbers.run()
        found = {name: values[place].real for name, place in places.items()}
        yield agree("a", "the chain in floating point", solution["a"].answer, {**found, "l": loss.real})
        route = "complex steps through the chain"
        yield agree(
            "b", route, solution["b"].answer, {f"dl/d{name}": numbers.slope(place) for name, place in places.items()}
        )
        slopes: dict[str, Value] = {
            f"dl/dW_{n + 1}": [[numbers.slope(("weight", n, i, j)) for j in range(len(m[0]))] for i in range(len(m))]
            for n, m in enumerate(self.weights)
        }
        if self.learned:
            slopes["dl/da"] = numbers.slope(("constant", self.activations.index("prelu"), 0, 0))
        yield agree("c", route, solution["c"].answer, slopes)

    def slips(self) -> Iterable[Slip]:
        wrong = {
            "target minus output": backward(self, turned=True),
            "derivative of the activation left out": backward(self, sloped=False),
        }
        if any(len(matrix) == len(matrix[0]) > 1 for matrix in self.weights[1:]):
            wrong["weights of a row and of a column exchanged"] = backward(self, exchanged=True)
        for name, messages in wrong.items():
            turned = name == "target minus output" and self.loss == "absolute"
            told = "sign of the loss's derivative turned" if turned else name
            yield Slip("b", told, _slopes(messages), apart=True)
            yield Slip("c", told, gradients(self, messages), apart=True)
        right = gradients(self, backward(self))
        flipped = {name: tuple(zip(*entry, strict=True)) if name != "dl/da" else entry for name, entry in right.items()}
        yield Slip("c", "rows and columns exchanged", flipped, apart=True)

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution  # the network is known from the sizes of its matrices
        sizes = (len(self.x), *(len(matrix[0]) for matrix in self.weights))
        return {"network": _drawing(sizes, self.activations)}


_WORDS: Mapping[Activation, str] = {
    "relu": "ReLU",
    "leaky-relu": "leaky ReLU",
    "prelu": "parametric ReLU",
    "hard-tanh": "hard tanh",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
}


@lru_cache(maxsize=64)
def _drawing(sizes: tuple[int, ...], activations: tuple[Activation, ...]) -> Figure:
    columns = ["x", *(pair[1] for pair in LETTERS[: len(activations)]), "o"]
    layers = [[f"{name}_{place}" for place in range(1, size + 1)] for name, size in zip(columns, sizes, strict=True)]
    weights = [
        Weight((layer, i), (layer + 1, j))
        for layer, (below, above) in enumerate(pairwise(sizes))
        for i in range(below)
        for j in range(above)
    ]
    captions = [words(text) for text in ("inputs", *(_WORDS[name] for name in activations), "outputs")]
    lead = "The network; every unit is connected to all units of the next layer."
    return network_figure(layers, weights, description=lead, captions=captions)


def _sizes(d: Draw, level: Level) -> tuple[int, ...]:
    """The sizes of the layers, as far as pinned values settle them."""
    weights: tuple[Matrix, ...] = d.given("weights", tuple)
    if weights:
        return (len(weights[0]), *(len(matrix[0]) for matrix in weights))
    pinned = d.given("activations", lambda: None)
    usual = d.pick(SIZES[level])
    inner = usual[1:-1] if pinned is None else (usual[1:-1] * 2)[: len(pinned)]
    x, target = d.given("x", lambda: None), d.given("target", lambda: None)
    return (len(x or ()) or usual[0], *inner, len(target or ()) or usual[-1])


def _draw_activations(d: Draw, level: Level, count: int) -> tuple[Activation, ...]:
    weights: tuple[Matrix, ...] = d.given("weights", tuple)
    logarithms = any(isinstance(entry, Log) for row in weights[:1] for entry in chain(*row))
    first = d.pick(SMOOTH if logarithms else FIRST[level])
    rest: tuple[Activation, ...] = ("relu",) if first in SLOPED else ("relu", "leaky-relu", "prelu")
    return (first, *(d.pick(rest) for _ in range(count - 1)))


def _draw_input(d: Draw, size: int) -> tuple[int, ...]:
    others = d.sample((1, -1, 2, -2, 3, -3), size - 1)
    return d.shuffled((d.pick((1, -1)), *others))


def _draw_matrix(d: Draw, rows: int, columns: int) -> tuple[tuple[Number, ...], ...]:
    return tuple(tuple(d.nonzero(-3, 3) for _ in range(columns)) for _ in range(rows))


def _draw_logs(d: Draw, x: Sequence[int], columns: int) -> tuple[tuple[Number, ...], ...]:
    """Weights whose sums with the input are logarithms of simple fractions."""
    drawn = [d.pick(_columns(tuple(x), power)) for power in d.sample(POWERS, columns)]
    return tuple(tuple(log(base) for base in row) for row in zip(*drawn, strict=True))


POWERS = tuple(map(Fraction, ("2", "3", "1/2", "1/3")))
BASES = tuple(map(Fraction, ("2", "1/2", "3", "1/3", "3/2", "2/3")))


@lru_cache(maxsize=256)
def _columns(x: tuple[int, ...], power: Fraction) -> tuple[tuple[Fraction, ...], ...]:
    """Exponentials of weights whose powers by the inputs multiply to ``power``; any at all where none do."""
    pivot = next((place for place, value in enumerate(x) if abs(value) == 1), None)
    found = []
    if pivot is not None:
        for others in product_of(BASES, repeat=len(x) - 1):
            column = [*others[:pivot], Fraction(1), *others[pivot:]]
            rest = prod((base**value for base, value in zip(column, x, strict=True)), start=Fraction(1))
            column[pivot] = (power / rest) ** x[pivot]
            if column[pivot] != 1 and max(column[pivot].as_integer_ratio()) <= 12:
                found.append(tuple(column))
    return tuple(found) or ((power,) * len(x),)


def _names(q: ChainOfLayers) -> list[list[str]]:
    """The names of the values, layer by layer: inputs, then arguments and values of the activations, outputs."""
    sizes = [len(matrix[0]) for matrix in q.weights]
    letters = [*chain(*LETTERS[: len(q.activations)]), "o"]
    widths = [*chain(*((size, size) for size in sizes[:-1])), sizes[-1]]
    columns = [("x", len(q.x)), *zip(letters, widths, strict=True)]
    return [[f"{letter}_{place}" for place in range(1, size + 1)] for letter, size in columns]


def _bar(name: str) -> str:
    return rf"\bar{{{name[0]}}}_{name[2:]}"


def _matrix_name(number: int) -> str:
    return rf"\frac{{\partial \ell}}{{\partial W^{{({number + 1})}}}}"


def _weight(number: int, i: int, j: int) -> str:
    return f"w^{{({number + 1})}}_{{{i}{j}}}"


@lru_cache(maxsize=64)
def forward(q: ChainOfLayers) -> tuple[Mapping[str, tuple[Line | str, ...]], Mapping[str, Value]]:
    """The worked lines for every value from the input to the loss (called l), and the values themselves."""
    names = _names(q)
    values: dict[str, Value] = dict(zip(names[0], q.x, strict=True))
    lines: dict[str, tuple[Line | str, ...]] = {}
    for number, matrix in enumerate(q.weights):
        below, here = names[2 * number], names[2 * number + 1]
        for j, name in enumerate(here, 1):
            column = [row[j - 1] for row in matrix]
            if number == 0 and q.smooth:
                power = _power_line(name, j, below, column, q.x)
                values[name] = log(Fraction(power.result))
                # Printed, not worked out: the logarithm of what stands before it.
                lines[name] = (power, f"{name} &= {tex(values[name])}")
                continue
            pairs = zip(column, (values[key] for key in below), strict=True)
            formula = " + ".join(f"{_weight(number, i, j)} {key}" for i, key in enumerate(below, 1))
            worked = line(name, total(product(pair) for pair in pairs), formula)
            lines[name], values[name] = (worked,), worked.result
        if number < len(q.activations):
            for name, argument in zip(names[2 * number + 2], here, strict=True):
                worked = _activated(q, q.activations[number], name, argument, values[argument])
                lines[name], values[name] = (worked,), worked.result
    worked = _loss_line(q, [values[name] for name in names[-1]])
    lines["l"], values["l"] = (worked,), worked.result
    return lines, values


def _power_line(name: str, j: int, below: Sequence[str], column: Sequence[Number], x: Sequence[int]) -> Line:
    """The exponential of an argument: a product of powers, without any logarithm."""
    bases = [normal_form(weight.argument) if isinstance(weight, Log) else 1 for weight in column]
    factors = [num(base) if count == 1 else num(base) ** count for base, count in zip(bases, x, strict=True)]
    formula = r" \, ".join(f"e^{{{_weight(0, i, j)} {key}}}" for i, key in enumerate(below, 1))
    return line(f"e^{{{name}}}", product(factors), formula)


def _activated(q: ChainOfLayers, activation: Activation, name: str, argument: str, value: Value) -> Line:
    match activation:
        case "sigmoid":
            below = num(1) + normal_form(1 / value.argument if isinstance(value, Log) else Fraction(1))
            return line(name, num(1) / below, rf"\frac{{1}}{{1 + e^{{-{argument}}}}}")
        case "tanh":
            up = Fraction(value.argument) if isinstance(value, Log) else Fraction(1)
            top, bottom = num(normal_form(up)) - normal_form(1 / up), num(normal_form(up)) + normal_form(1 / up)
            formula = rf"\frac{{e^{{{argument}}} - e^{{-{argument}}}}}{{e^{{{argument}}} + e^{{-{argument}}}}}"
            return line(name, top / bottom, formula)
        case "relu":
            return line(name, apply("relu", value), rf"\max({argument}, 0)")
        case "hard-tanh":
            return line(name, max(-1, min(1, value)), rf"\max(-1, \min({argument}, 1))")
        case _:
            letter = "a" if activation == "prelu" else "c"
            work = num(value) if value > 0 else num(q.constant) * value
            return line(name, work, argument if value > 0 else f"{letter} {argument}")


def _loss_line(q: ChainOfLayers, outputs: Sequence[Value]) -> Line:
    gaps = [num(value) - goal for value, goal in zip(outputs, q.target, strict=True)]
    if q.loss == "absolute":
        formula = " + ".join(f"|o_{k} - t_{k}|" for k in range(1, len(outputs) + 1))
        return line(r"\ell", total(apply("abs", gap) for gap in gaps), formula)
    squares = [num(line("", gap).result) ** 2 for gap in gaps]
    formula = " + ".join(rf"(o_{k} - t_{k})^2" for k in range(1, len(outputs) + 1))
    inner = rf"\left({formula}\right)" if len(outputs) > 1 else formula
    return line(r"\ell", num(Fraction(1, 2)) * total(squares), rf"\frac{{1}}{{2}} {inner}")


@lru_cache(maxsize=128)
def backward(
    q: ChainOfLayers, *, turned: bool = False, sloped: bool = True, exchanged: bool = False
) -> Mapping[str, Line]:
    """The worked messages, by the name of the value they belong to; the flags are what students do wrong."""
    names, values = _names(q), forward(q)[1]
    found: dict[str, Line] = {}
    for k, (name, goal) in enumerate(zip(names[-1], q.target, strict=True), 1):
        gap = num(values[name]) - goal
        if q.loss == "absolute":
            sign = 1 if line("", gap).result > 0 else -1
            found[name] = line(_bar(name), -sign if turned else sign, rf"\operatorname{{sign}}(o_{k} - t_{k})")
        else:
            found[name] = line(_bar(name), -gap if turned else gap, f"o_{k} - t_{k}")
    for number in range(len(q.activations) - 1, -1, -1):
        matrix, above = q.weights[number + 1], names[2 * number + 3]
        for i, (name, argument) in enumerate(zip(names[2 * number + 2], names[2 * number + 1], strict=True), 1):
            square = len(matrix) == len(matrix[0])
            row = [line_[i - 1] for line_ in matrix] if exchanged and square else matrix[i - 1]
            messages = [found[key].result for key in above]
            formula = " + ".join(f"{_weight(number + 1, i, j)} {_bar(key)}" for j, key in enumerate(above, 1))
            work = total(product(pair) for pair in zip(row, messages, strict=True))
            found[name] = line(_bar(name), work, formula)
            slope, text = _slope(q, q.activations[number], name, argument, values)
            factor = num(found[name].result) * slope if sloped else num(found[name].result)
            found[argument] = line(_bar(argument), factor, rf"{_bar(name)} \cdot {text}")
    order = [name for layer in names[1:] for name in layer]
    return {name: found[name] for name in order}


def _slope(
    q: ChainOfLayers, activation: Activation, name: str, argument: str, values: Mapping[str, Value]
) -> tuple[Term, str]:
    """The derivative of an activation as a term, and how it is written."""
    value, output = values[argument], num(values[name])
    match activation:
        case "sigmoid":
            return output * (1 - output), rf"{name} (1 - {name})"
        case "tanh":
            return 1 - output**2, f"(1 - {name}^2)"
        case "hard-tanh":
            inside = abs(value) < 1
            return num(int(inside)), str(int(inside))
        case "relu":
            return num(int(value > 0)), str(int(value > 0))
        case _:
            letter = "a" if activation == "prelu" else "c"
            return (num(1), "1") if value > 0 else (num(q.constant), letter)


def _slopes(messages: Mapping[str, Line]) -> dict[str, Value]:
    """The numbers of the messages, named as derivatives of the loss l."""
    return {f"dl/d{name}": entry.result for name, entry in messages.items()}


def gradients(q: ChainOfLayers, messages: Mapping[str, Line]) -> dict[str, Value]:
    """The gradient of every matrix, what enters a layer times the messages to its sums; that of a parameter too."""
    names, values = _names(q), forward(q)[1]
    found: dict[str, Value] = {}
    for n in range(len(q.weights)):
        row = [messages[name].result for name in names[2 * n + 1]]
        entering = [values[name] for name in names[2 * n]]
        found[f"dl/dW_{n + 1}"] = tuple(
            tuple(normal_form(Fraction(value * part)) for part in row) for value in entering
        )
    slope = _constant_line(q, messages)
    return {**found, "dl/da": slope.result} if slope else found


def _products(q: ChainOfLayers, messages: Mapping[str, Line]) -> list[Mapping[str, Value]]:
    names, values = _names(q), forward(q)[1]
    letters = [layer[0][0] for layer in names]
    found = gradients(q, messages)
    return [
        {
            "name": _matrix_name(n),
            "formula": rf"{letters[2 * n]} \, \bar{{{letters[2 * n + 1]}}}^{{\top}}",
            "column": tuple(values[name] for name in names[2 * n]),
            "row": (tuple(messages[name].result for name in names[2 * n + 1]),),
            "result": found[f"dl/dW_{n + 1}"],
        }
        for n in range(len(q.weights))
    ]


def _constant_line(q: ChainOfLayers, messages: Mapping[str, Line]) -> Line | None:
    """The gradient of the parameter of a parametric ReLU, where there is one."""
    if not q.learned:
        return None
    number, values = q.activations.index("prelu"), forward(q)[1]
    arguments, outputs = _names(q)[2 * number + 1 : 2 * number + 3]
    terms = [
        num(messages[name].result) * min(values[argument], 0) for name, argument in zip(outputs, arguments, strict=True)
    ]
    formula = " + ".join(
        rf"{_bar(name)} \min({argument}, 0)" for name, argument in zip(outputs, arguments, strict=True)
    )
    return line(r"\bar{a}", total(terms), formula)
