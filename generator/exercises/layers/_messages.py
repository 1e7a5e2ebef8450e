"""Forward and backward messages through a chain of linear layers and activations, as worked lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

from generator.exact import Log, log, normal_form
from generator.notation import Value, flat_parentheses, tex
from generator.solver.formula import Formula, formula_line, formula_tex
from generator.solver.layer_chain import Activation, Loss
from generator.working import Line, Term, apply, line, num, total

LETTERS = (("u", "h"), ("v", "g"))
"""Arguments and values of the units of the hidden layers; the outputs are called o."""


@dataclass(frozen=True, slots=True)
class Net:
    """A chain of layers with the numbers to work with; ``places`` rounds every step.

    Matrices have a row per input. ``constant`` is the slope of a leaky or parametric ReLU for negative arguments.
    """

    x: tuple[Value, ...]
    weights: tuple[tuple[tuple[Value, ...], ...], ...]
    activations: tuple[Activation, ...]
    constant: Value
    target: tuple[Value, ...]
    loss: Loss
    places: int | None = None

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The names of the values by layer: inputs, then arguments and values of the activations, outputs."""
        sizes = [len(matrix[0]) for matrix in self.weights]
        letters = [*chain(*LETTERS[: len(self.activations)]), "o"]
        widths = [*chain(*((size, size) for size in sizes[:-1])), sizes[-1]]
        columns = [("x", len(self.x)), *zip(letters, widths, strict=True)]
        return tuple(tuple(f"{letter}_{place}" for place in range(1, size + 1)) for letter, size in columns)

    @property
    def letter(self) -> str:
        """The letter for the slope of a leaky (c) or parametric (a) ReLU."""
        return "a" if "prelu" in self.activations else "c"


def bar(name: str) -> str:
    """TeX of the message to a value."""
    return rf"\bar{{{name[0]}}}_{name[2:]}"


def weight(number: int, i: int, j: int) -> str:
    """TeX of a weight of the layer of that number (from 0)."""
    return f"w^{{({number + 1})}}_{{{i}{j}}}"


def _dotted(left: str, formula: Formula, numbers: Mapping[str, Value], places: int | None) -> Line:
    """A worked line whose formula has dots between its factors, as some of them are numbers; a 0 is not rounded."""
    work = formula(*map(num, numbers.values()))
    return line(left, work, formula(*map(num, numbers)).tex(), None if work.value() == 0 else places)


def _weighted(*letters: Term) -> Term:
    """The sum of weights times values; they alternate."""
    return total(w * value for w, value in zip(letters[::2], letters[1::2], strict=True))


def _weighted_line(left: str, pairs: Iterable[tuple[str, Value, str, Value]], places: int | None) -> Line:
    """A weighted sum of named values: name and number of each weight, name and number of what it multiplies."""
    numbers = {name: number for w, a, value, b in pairs for name, number in ((w, a), (value, b))}
    return formula_line(left, _weighted, numbers, places=places)


@lru_cache(maxsize=64)
def forward(net: Net) -> tuple[Mapping[str, tuple[Line | str, ...]], Mapping[str, Value]]:
    """The worked lines for every value from the input to the loss (called l), and the values themselves."""
    values: dict[str, Value] = dict(zip(net.names[0], net.x, strict=True))
    lines: dict[str, tuple[Line | str, ...]] = {}
    for number, matrix in enumerate(net.weights):
        below, here = net.names[2 * number], net.names[2 * number + 1]
        for j, name in enumerate(here, 1):
            column = [row[j - 1] for row in matrix]
            if any(isinstance(entry, Log) for entry in column):
                power = _power_line(name, j, below, column, net.x)
                values[name] = log(Fraction(power.result))
                # Printed, not worked out: the logarithm of what stands before it.
                lines[name] = (power, f"{name} &= {tex(values[name])}")
                continue
            pairs = [(weight(number, i, j), column[i - 1], key, values[key]) for i, key in enumerate(below, 1)]
            # The first sums are short decimals already.
            lines[name] = (_weighted_line(name, pairs, net.places if number else None),)
            values[name] = _result(lines[name])
        if number < len(net.activations):
            for name, argument in zip(net.names[2 * number + 2], here, strict=True):
                lines[name] = (_activated(net, net.activations[number], name, argument, values[argument]),)
                values[name] = _result(lines[name])
    lines["l"] = (_loss_line(net, [values[name] for name in net.names[-1]]),)
    values["l"] = _result(lines["l"])
    return lines, values


def _result(lines: tuple[Line | str, ...]) -> Value:
    (only,) = lines
    assert isinstance(only, Line)
    return only.result


def _power_line(name: str, j: int, below: Sequence[str], column: Sequence[Value], x: Sequence[Value]) -> Line:
    """The exponential of an argument: a product of powers, without any logarithm."""
    bases = [normal_form(entry.argument) if isinstance(entry, Log) else 1 for entry in column]
    factors = [num(base) if count == 1 else num(base) ** count for base, count in zip(bases, x, strict=True)]
    work = factors[0]
    for factor in factors[1:]:
        work = work * factor
    formula = r" \, ".join(f"e^{{{weight(0, i, j)} {key}}}" for i, key in enumerate(below, 1))
    return line(f"e^{{{name}}}", work, formula)


def _activated(net: Net, activation: Activation, name: str, argument: str, value: Value) -> Line:
    """The value of an activation."""
    if activation in ("sigmoid", "tanh"):
        return _smooth_line(net, activation, name, argument, value)
    if activation == "relu":
        # A 0 is exact.
        return formula_line(
            name, lambda u: apply("relu", u), {argument: value}, places=net.places if value > 0 else None
        )
    if activation == "hard-tanh":
        clipped = rf"\max(-1, \min({argument}, 1)) = \max(-1, \min({tex(value)}, 1))"
        return line(name, max(-1, min(1, value)), clipped)
    if value > 0:
        return formula_line(name, lambda u: u, {argument: value})
    return formula_line(name, lambda a, u: a * u, {net.letter: net.constant, argument: value}, places=net.places)


def _smooth_line(net: Net, activation: Activation, name: str, argument: str, value: Value) -> Line:
    """A sigmoid or tanh: by plain exponentials where the argument is a logarithm, else by the calculator."""
    up, down = f"e^{{{argument}}}", f"e^{{-{argument}}}"
    if isinstance(value, Log) or value == 0:
        power = value.argument if isinstance(value, Log) else Fraction(1)
        numbers = {up: normal_form(power), down: normal_form(1 / power)}
        if activation == "sigmoid":
            return formula_line(name, lambda e: 1 / (1 + e), {down: numbers[down]})
        return formula_line(name, lambda e, f: (e - f) / (e + f), numbers)
    if activation == "sigmoid":
        formula = formula_tex(lambda e: 1 / (1 + e), down)
        return line(name, 1 / (1 + apply("exp", -value)), formula, net.places)
    return line(name, apply("tanh", value), rf"\tanh {argument}", net.places)


def _gap(o: Term, t: Term) -> Term:
    return o - t


def _pairs(net: Net, outputs: Sequence[Value]) -> dict[str, Value]:
    """Outputs and targets by name, alternating."""
    pairs = zip(net.names[-1], outputs, net.target, strict=True)
    return dict(chain(*(((name, value), (f"t{name[1:]}", goal)) for name, value, goal in pairs)))


def _squared(*letters: Term) -> Term:
    gaps = [_gap(*pair) for pair in zip(letters[::2], letters[1::2], strict=True)]
    return num(Fraction(1, 2)) * total(gap**2 for gap in gaps)


def _absolute(*letters: Term) -> Term:
    return total(apply("abs", _gap(*pair)) for pair in zip(letters[::2], letters[1::2], strict=True))


def _loss_line(net: Net, outputs: Sequence[Value]) -> Line:
    formula = _squared if net.loss == "squared" else _absolute
    return formula_line(r"\ell", formula, _pairs(net, outputs), places=net.places)


@lru_cache(maxsize=128)
def backward(net: Net, *, turned: bool = False, sloped: bool = True, exchanged: bool = False) -> Mapping[str, Line]:
    """The worked messages, by the name of the value they belong to; the flags are what students do wrong."""
    names, values = net.names, forward(net)[1]
    found: dict[str, Line] = {}
    for name, goal in zip(names[-1], net.target, strict=True):
        found[name] = _first_message(net, name, {name: values[name], f"t{name[1:]}": goal}, turned=turned)
    for number in range(len(net.activations) - 1, -1, -1):
        matrix, above = net.weights[number + 1], names[2 * number + 3]
        for i, (name, argument) in enumerate(zip(names[2 * number + 2], names[2 * number + 1], strict=True), 1):
            square = len(matrix) == len(matrix[0])
            row = [line_[i - 1] for line_ in matrix] if exchanged and square else matrix[i - 1]
            pairs = [
                (weight(number + 1, i, j), row[j - 1], bar(key), found[key].result) for j, key in enumerate(above, 1)
            ]
            found[name] = _weighted_line(bar(name), pairs, net.places)
            message = {bar(name): found[name].result}
            if sloped:
                formula, more = message_formula(net, net.activations[number], name, values[name], values[argument])
                found[argument] = _dotted(bar(argument), formula, {**message, **more}, net.places)
            else:
                found[argument] = formula_line(bar(argument), lambda g: g, message)
    return {name: found[name] for name in chain(*names[1:])}


def _first_message(net: Net, name: str, pair: Mapping[str, Value], *, turned: bool) -> Line:
    """The message to an output from the loss."""
    if net.loss == "squared":
        if turned:
            return formula_line(bar(name), lambda o, t: t - o, pair, places=net.places)
        return formula_line(bar(name), _gap, pair, places=net.places)
    gap = _gap(*map(num, pair.values()))
    sign = 1 if gap.value() > 0 else -1
    texts = (formula_tex(_gap, *pair), gap.tex())
    formula = " = ".join(flat_parentheses(rf"\operatorname{{sign}}\left({text}\right)") for text in texts)
    return line(bar(name), -sign if turned else sign, formula)


def message_formula(
    net: Net, activation: Activation, name: str, output: Value, argument: Value
) -> tuple[Formula, Mapping[str, Value]]:
    """A message times the derivative of an activation as a formula, and what it needs besides the message."""
    match activation:
        case "sigmoid":
            return (lambda g, h: g * h * (1 - h)), {name: output}
        case "tanh":
            return (lambda g, h: g * (1 - h**2)), {name: output}
        case "hard-tanh":
            inside = 1 if abs(argument) < 1 else 0
            return (lambda g: g * inside), {}
        case "relu":
            active = 1 if argument > 0 else 0
            return (lambda g: g * active), {}
        case _:
            if argument > 0:
                return (lambda g: g * 1), {}
            return (lambda g, a: g * a), {net.letter: net.constant}


def slopes(messages: Mapping[str, Line]) -> dict[str, Value]:
    """The numbers of the messages, named as derivatives of the loss l."""
    return {f"dl/d{name}": entry.result for name, entry in messages.items()}


@dataclass(frozen=True, slots=True)
class Products:
    """The gradient of a matrix: what enters its layer, the messages to its sums, and a line for each product."""

    number: int
    letters: tuple[str, str]
    column: tuple[Value, ...]
    row: tuple[Value, ...]
    lines: tuple[tuple[Line, ...], ...]

    @property
    def name(self) -> str:
        """TeX of the gradient."""
        return gradient_name(self.number)

    @property
    def formula(self) -> str:
        """TeX of the product of a column with a row."""
        return rf"{self.letters[0]} \, \bar{{{self.letters[1]}}}^{{\top}}"

    @property
    def result(self) -> tuple[tuple[Value, ...], ...]:
        """The gradient in numbers."""
        return tuple(tuple(entry.result for entry in row) for row in self.lines)


def gradient_name(number: int) -> str:
    """TeX of the gradient of the matrix of that number (from 0)."""
    return rf"\frac{{\partial \ell}}{{\partial W^{{({number + 1})}}}}"


def products(net: Net, messages: Mapping[str, Line]) -> tuple[Products, ...]:
    """The gradients of all matrices."""
    names, values = net.names, forward(net)[1]
    found = []
    for n in range(len(net.weights)):
        entering, sums = names[2 * n], names[2 * n + 1]
        rows = tuple(
            tuple(_product_line(net, n, key, values[key], name, messages[name].result) for name in sums)
            for key in entering
        )
        column, row = tuple(values[key] for key in entering), tuple(messages[name].result for name in sums)
        found.append(Products(n, (entering[0][0], sums[0][0]), column, row, rows))
    return tuple(found)


def _product_line(net: Net, n: int, key: str, value: Value, name: str, message: Value) -> Line:
    left = rf"\frac{{\partial \ell}}{{\partial {weight(n, int(key[2:]), int(name[2:]))}}}"
    return formula_line(left, lambda h, g: h * g, {key: value, bar(name): message}, places=net.places)


def constant_line(net: Net, messages: Mapping[str, Line]) -> Line | None:
    """The gradient of the parameter of a parametric ReLU, where there is one: its units with negative arguments."""
    if "prelu" not in net.activations:
        return None
    number, values = net.activations.index("prelu"), forward(net)[1]
    arguments, outputs = net.names[2 * number + 1 : 2 * number + 3]
    pairs = [
        (bar(name), messages[name].result, argument, values[argument])
        for name, argument in zip(outputs, arguments, strict=True)
        if values[argument] < 0
    ]
    return _weighted_line(r"\bar{a}", pairs, net.places) if pairs else line(r"\bar{a}", 0)


def gradients(net: Net, messages: Mapping[str, Line]) -> dict[str, Value]:
    """The gradient of every matrix and of a parameter, named as derivatives of the loss l."""
    found: dict[str, Any] = {f"dl/dW_{entry.number + 1}": entry.result for entry in products(net, messages)}
    slope = constant_line(net, messages)
    return {**found, "dl/da": slope.result} if slope else found
