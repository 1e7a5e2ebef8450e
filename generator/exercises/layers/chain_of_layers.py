"""Forward and backward messages through a chain of linear layers, activations and a loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain, pairwise
from typing import Annotated, Any, Self

from generator.draw import Draw, Level
from generator.exact import Log, Number, normal_form
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
from generator.exercises.layers._chain_draw import (
    SLOPED,
    SMOOTH,
    Style,
    draw_activations,
    draw_input,
    draw_logs,
    draw_matrix,
    draw_sizes,
    draw_tenths,
)
from generator.exercises.layers._messages import (
    LETTERS,
    Net,
    Products,
    backward,
    bar,
    constant_line,
    forward,
    gradient_name,
    gradients,
    products,
    slopes,
)
from generator.figure import Figure, Weight, network_figure, words
from generator.notation import Value, matrix_tex, rounded, terminating, tex
from generator.solver.layer_chain import Activation, Chain, Loss
from generator.working import Line, num

STEP_PLACES, PLACES = 4, 2
"""Decimals of intermediate results, and of the answers, in decimal style."""
SIMPLE = 144
"""Denominators up to this size."""
LONGEST = 250
"""Numerators up to this size."""
SMALLEST = Decimal("0.03")
"""The smallest value that is not 0 in decimal style, by size."""
Plain = Annotated[int | Fraction, Between(-20, 20)]
Matrix = Annotated[tuple[tuple[Annotated[int | Fraction | Log, Between(-20, 20)], ...], ...], Rectangular(3)]


@exercise(title="Messages through a chain of layers", source=("D2", "D4", "E2b"))
@dataclass(frozen=True, slots=True)
class ChainOfLayers(Exercise):
    """An input, the matrices of the linear layers (a row per input), the activations between them, target and loss.

    ``constant`` is the slope of a leaky or parametric ReLU for negative arguments, null without such a layer.
    In the style "decimal", which a chain with a sigmoid or tanh may have, weights are short decimals and every step is
    rounded.
    """

    x: Annotated[tuple[Annotated[int, Between(-20, 20)], ...], Length(1, 3)]
    weights: Annotated[tuple[Matrix, ...], Length(2, 3)]
    activations: Annotated[tuple[Activation, ...], Length(1, 2)]
    constant: Plain | None
    target: Annotated[tuple[Plain, ...], Length(1, 3)]
    loss: Loss
    style: Style = "exact"

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        style: Style = d.given("style", lambda: "exact")
        sizes = draw_sizes(d, level)
        activations: tuple[Activation, ...] = d.given(
            "activations", lambda: draw_activations(d, level, len(sizes) - 2, style)
        )
        x = d.given("x", lambda: draw_input(d, sizes[0]))

        def constant() -> Fraction | None:
            if not set(activations) & set(SLOPED):
                return None
            return Fraction(1, d.pick((2, 4, 5)) if style == "decimal" else d.integer(2, 4))

        def weights() -> tuple[tuple[tuple[Number, ...], ...], ...]:
            if style == "decimal":
                return tuple(draw_tenths(d, *pair) for pair in pairwise(sizes))
            first = draw_logs(d, x, sizes[1]) if activations[0] in SMOOTH else draw_matrix(d, *sizes[:2])
            return (first, *(draw_matrix(d, *pair) for pair in pairwise(sizes[1:])))

        matrices = d.given("weights", weights)
        slope = d.given("constant", constant)

        def target() -> tuple[int, ...]:
            # Near the outputs, so that the messages stay small.
            outputs = _outputs(x, matrices, activations, slope) or (0,) * sizes[-1]
            return tuple(max(-20, min(20, round(value) + d.nonzero(-3, 3))) for value in outputs)

        return cls(
            x=x,
            weights=matrices,
            activations=activations,
            constant=slope,
            target=d.given("target", target),
            loss=d.given("loss", lambda: "squared" if level == "easy" else d.pick(("squared", "absolute"))),
            style=style,
        )

    @property
    def decimal(self) -> bool:
        """Whether values are decimals, rounded at every step."""
        return self.style == "decimal"

    @property
    def exact_net(self) -> Net:
        """The chain with exact numbers."""
        return Net(self.x, self.weights, self.activations, self.constant, self.target, self.loss)

    @property
    def net(self) -> Net:
        """The chain with the numbers of the worked lines."""
        if not self.decimal:
            return self.exact_net
        weights = tuple(tuple(tuple(map(_decimal, row)) for row in matrix) for matrix in self.weights)
        constant = None if self.constant is None else _decimal(self.constant)
        target = tuple(map(_decimal, self.target))
        return Net(self.x, weights, self.activations, constant, target, self.loss, STEP_PLACES)

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
        yield must(
            "a chain in decimal style begins with a sigmoid or tanh, and has no hard tanh",
            not self.decimal or (self.smooth and "hard-tanh" not in self.activations),
        )
        first, *others = [[entry for row in matrix for entry in row] for matrix in self.weights]
        if self.decimal:
            numbers = (*first, *chain(*others), self.constant or 0, *self.target)
            short = not any(isinstance(entry, Log) or Fraction(entry * 100).denominator != 1 for entry in numbers)
            yield must("weights, constant and target are decimals with two places at most (or pin no style)", short)
        else:
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
        values, names = forward(self.net)[1], self.net.names
        kinks = [
            values[name] in ((1, -1) if activation == "hard-tanh" else (0,))
            for activation, layer in zip(self.activations, names[1::2], strict=False)
            for name in layer
            if activation not in SMOOTH
        ]
        yield must("no argument lies where its activation has no derivative", not any(kinks))
        gaps = [(num(values[name]) - goal).value() for name, goal in zip(names[-1], self.target, strict=True)]
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
        received = {name: entry.result for name, entry in backward(self.net).items()}
        messages = list(received.values())
        if self.decimal:
            arguments = [abs(values[name]) for name in names[1]]
            yield wanted("the arguments of the sigmoid or tanh are neither small nor large", _moderate(arguments))
            passed = [values[name] for layer in names[1:] for name in layer]
            seen = [abs(value) for value in (*passed, *messages, values["l"]) if value]
            yield wanted("no value is nearly 0", min(seen) >= SMALLEST)
        else:
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
        lines, names = forward(self.net)[0], self.net.names
        asked = [name for layer in names[1:] for name in layer]
        messages = backward(self.net)
        exact = backward(self.exact_net)
        values = forward(self.exact_net)[1]
        matrices, slope = products(self.net, messages), constant_line(self.net, messages)
        answers = {
            "a": {**{name: values[name] for name in asked}, "l": values["l"]},
            "b": slopes(exact),
            "c": gradients(self.exact_net, exact),
        }
        results = {
            "a": tuple(_last(lines[name]) for name in (*asked, "l")),
            "b": tuple(messages.values()),
            "c": (*(entry for found in matrices for row in found.lines for entry in row), *((slope,) if slope else ())),
        }
        work: Mapping[str, Mapping[str, Any]] = {
            "a": {
                "rows": [tuple(chain(*(lines[name] for name in layer))) for layer in names[1:]],
                "loss": results["a"][-1],
            },
            "b": {"rows": [tuple(messages[name] for name in layer) for layer in reversed(names[1:])]},
            "c": {"products": matrices, "relations": tuple(map(_equality, matrices)), "slope": slope},
        }
        rooms = [(*asked, r"\ell"), tuple(bar(name) for name in asked)]
        spaces = [*(Space("boxes", rows=8, names=room) for room in rooms), Space("blank", rows=6 * len(self.weights))]
        parts = [
            self._part(letter, answers[letter], points, {**work[letter]}, space, results[letter])
            for letter, points, space in zip("abc", (5, 5, 4), spaces, strict=True)
        ]
        return Solution(
            tuple(parts), work={"letters": LETTERS[: len(self.activations)], "deep": len(self.activations) > 1}
        )

    def _part(
        self,
        letter: str,
        answer: Mapping[str, Value],
        points: int,
        work: Mapping[str, Any],
        space: Space,
        results: tuple[Line, ...],
    ) -> Part:
        names = {name: _shown_name(name) for name in answer}
        told = self._told(answer)
        rounding: dict[str, Any] = {"places": PLACES, "results": results} if self.decimal else {}
        return Part(
            letter,
            "table",
            answer,
            points,
            {**work, "told": told},
            space,
            tex=r",\; ".join(told),
            names=names,
            **rounding,
        )

    def _told(self, answer: Mapping[str, Value], right: Mapping[str, Value] | None = None) -> list[str]:
        """The values of a table as equations, rounded in decimal style; only those that differ from the right ones."""
        shown = {name: self._shown(value) for name, value in answer.items()}
        same = {name: self._shown(value) for name, value in (right or {}).items()}
        return [
            f"{_shown_name(name)} {self._relation(answer[name])} {text}"
            for name, text in shown.items()
            if text != same.get(name)
        ]

    def _shown(self, value: Value) -> str:
        if not self.decimal:
            return tex(value)
        if isinstance(value, tuple):
            return matrix_tex(tuple(tuple(_rounded(entry) for entry in row) for row in value))
        return tex(_rounded(value) if _short(value) is None else _short(value))

    def _relation(self, value: Value) -> str:
        return r"\approx" if self.decimal and (isinstance(value, tuple) or _short(value) is None) else "="

    def check(self, solution: Solution) -> Iterable[Check]:
        numbers = Chain(
            [float(value) for value in self.x],
            [[[float(entry) for entry in row] for row in matrix] for matrix in self.weights],
            self.activations,
            float(self.constant or 0),
            [float(value) for value in self.target],
            self.loss,
        )
        places = {
            f"{letter}_{j + 1}": (kind, number, j, 0)
            for number, matrix in enumerate(self.weights)
            for kind, letter in _places_of_layer(number, len(self.weights))
            for j in range(len(matrix[0]))
        }
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
        net = self.exact_net
        right = backward(net)
        wrong = {
            "target minus output": backward(net, turned=True),
            "derivative of the activation left out": backward(net, sloped=False),
        }
        if any(len(matrix) == len(matrix[0]) > 1 for matrix in self.weights[1:]):
            wrong["weights of a row and of a column exchanged"] = backward(net, exchanged=True)
        for name, messages in wrong.items():
            turned = name == "target minus output" and self.loss == "absolute"
            told = "sign of the loss's derivative turned" if turned else name
            yield self._wrong("b", told, slopes(messages), slopes(right))
            yield self._wrong("c", told, gradients(net, messages), gradients(net, right))
        whole = gradients(net, right)
        flipped = {name: tuple(zip(*entry, strict=True)) if name != "dl/da" else entry for name, entry in whole.items()}
        yield self._wrong("c", "rows and columns exchanged", flipped, whole)

    def _wrong(self, part: str, name: str, found: Mapping[str, Value], right: Mapping[str, Value]) -> Slip:
        # Exact values are printed one by one, where they differ; SymPy's form of rounded ones is not fit for paper.
        told = r",\; ".join(self._told(found, right)) if self.decimal else None
        return Slip(part, name, found, apart=True, tex=told)

    def pattern(self) -> str:
        """The number of layers, the first activation (others are kinds of ReLU), a learned parameter, and the loss."""
        learned = ", learned parameter" if self.learned else ""
        return f"layers={len(self.weights)}, first={self.activations[0]}{learned}, loss={self.loss}"

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


def _outputs(
    x: tuple[int, ...], weights: tuple[Matrix, ...], activations: tuple[Activation, ...], constant: Value
) -> tuple[float, ...]:
    """The outputs of a chain in floating point; none where pinned values do not fit together."""
    numbers = [[[float(entry) for entry in row] for row in matrix] for matrix in weights]
    shapes = [(len(matrix), len(matrix[0])) for matrix in weights]
    joined = [len(x), *(above for _, above in shapes)][:-1] == [below for below, _ in shapes]
    if not joined or len(activations) != len(weights) - 1:
        return ()
    values, _ = Chain(x, numbers, activations, float(constant or 0), (0.0,) * shapes[-1][1], "squared").run()
    last = len(weights) - 1
    return tuple(values["before", last, k, 0].real for k in range(shapes[-1][1]))


def _places_of_layer(number: int, layers: int) -> tuple[tuple[str, str], ...]:
    """Where a linear layer and the activation behind it keep their values, and the letters that a student reads."""
    if number == layers - 1:
        return (("before", "o"),)
    return (("before", "uv"[number]), ("after", "hg"[number]))


def _decimal(value: Number) -> Value:
    """A fraction as the decimal that it is."""
    assert not isinstance(value, Log)
    return value if isinstance(value, int) else terminating(value)


@lru_cache(maxsize=4096)
def _rounded(value: Value) -> Decimal:
    """A number as answers show it; slips have many of them in common."""
    return rounded(value, PLACES)


def _moderate(sizes: Sequence[Value]) -> bool:
    return all(Fraction(3, 10) <= size <= 3 for size in sizes)


def _last(lines: Sequence[Line | str]) -> Line:
    """The worked line among what is shown for one value."""
    return next(entry for entry in reversed(lines) if isinstance(entry, Line))


def _equality(gradient: Products) -> str:
    """The sign before a gradient: equal to the product, or rounded."""
    return "=" if all(entry.relation == "=" for row in gradient.lines for entry in row) else r"\approx"


def _short(value: Value) -> Value | None:
    """A number as it is, where it has no more decimals than answers are given to; else None."""
    if not isinstance(value, int | Fraction | Decimal):
        return None
    exact = Fraction(value)
    return _decimal(normal_form(exact)) if (exact * 10**PLACES).denominator == 1 else None


def _shown_name(name: str) -> str:
    """TeX of the name of a value, a message or a gradient in the tables of answers."""
    if name == "l":
        return r"\ell"
    if name.startswith("dl/dW_"):
        return gradient_name(int(name[6:]) - 1)
    if name == "dl/da":
        return r"\bar{a}"
    return bar(name.removeprefix("dl/d")) if name.startswith("dl/d") else name
