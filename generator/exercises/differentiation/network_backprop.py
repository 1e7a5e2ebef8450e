"""Backpropagation by hand through a network of ReLU and sigmoid units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from typing import Annotated, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log, Number
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
from generator.exercises._decimals import step_line
from generator.figure import Figure, Weight, network_figure
from generator.notation import Value, tex
from generator.solver import sigmoid_network as numeric
from generator.solver.formula import Formula, formula_tex
from generator.working import Line, Term, apply, line, num, product, total

Entry = Annotated[int, Between(-20, 20)]
SIZES: Mapping[Level, tuple[int, int]] = {"easy": (2, 2), "medium": (3, 2), "hard": (3, 3)}
"""Inputs and hidden units."""
LARGEST = 4
"""Of the drawn hidden weights, by size."""
BASES: Mapping[int, tuple[Fraction, ...]] = {
    1: tuple(map(Fraction, ("2", "3", "4", "5", "1/2", "1/3", "1/4", "3/2", "2/3"))),
    2: tuple(map(Fraction, ("2", "3", "1/2", "1/3", "3/2", "2/3"))),
    3: tuple(map(Fraction, ("2", "1/2"))),
}
"""For a value r of a unit: weights ln k for which sigma(r ln k) is a fraction that is kind to hand work."""
WHOLE: Mapping[int, tuple[int, ...]] = {1: (1, 2, -1, -2), 2: (1, -1)}
"""For a value r of a unit: whole weights for which sigma, rounded to one decimal, is neither 0 nor 1."""


@exercise(title="Backpropagation in a small network", source=("E2b",))
@dataclass(frozen=True, slots=True)
class NetworkBackprop(Exercise):
    """Inputs x, ReLU units ``r = max(W x, 0)``, a sigmoid unit ``s_j = sigma(v_j r_j)`` for each, and y, their sum.

    ``hidden_weights`` is W, a row per unit; ``output_weights`` is v. ``active`` tells for each ReLU unit whether its
    argument is positive. With ``sigmoid`` "rounded", values of sigma are rounded to one decimal.
    """

    x: Annotated[tuple[Entry, ...], Length(1, 4)]
    hidden_weights: Annotated[tuple[tuple[Entry, ...], ...], Rectangular(4)]
    output_weights: Annotated[tuple[Annotated[int | Fraction | Log, Between(-20, 20)], ...], Length(1, 4)]
    active: Annotated[tuple[bool, ...], Length(1, 4)]
    sigmoid: Literal["exact", "rounded"]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        inputs, units = _sizes(d, level)
        x = d.given("x", lambda: _draw_inputs(d, inputs))
        rows: tuple[tuple[int, ...], ...] | None = d.given("hidden_weights", lambda: None)
        active = d.given("active", lambda: _signs(x, rows) if rows else _draw_pattern(d, level, units))
        fixed: tuple[Number, ...] | None = d.given("output_weights", lambda: None)
        whole = bool(fixed) and not any(isinstance(weight, Log) for weight in fixed or ())
        sigmoid: Literal["exact", "rounded"] = d.given("sigmoid", lambda: "rounded" if whole else "exact")
        largest = 3 if sigmoid == "exact" else 2
        if rows is None:
            rows = tuple(_draw_row(d, x, d.integer(1, largest) if on else -d.integer(1, 4)) for on in active)
        weights = fixed or tuple(_draw_weight(d, _dot(row, x), sigmoid) for row in rows)
        return cls(x, rows, weights, active, sigmoid)

    def conditions(self) -> Iterable[Condition]:
        units = len(self.hidden_weights)
        yield must(
            "every hidden unit has a weight per input, an output weight and an entry of the pattern of active units",
            len(self.hidden_weights[0]) == len(self.x) and len(self.output_weights) == units == len(self.active),
        )
        sums = [_dot(row, self.x) for row in self.hidden_weights]
        yield must("no ReLU has the argument 0, where it has no derivative", all(sums))
        found = _signs(self.x, self.hidden_weights)
        yield must("exactly the units marked active have a positive argument", found == self.active)
        short = all(_bits(weight) * value <= 40 for weight, value in zip(self.output_weights, sums, strict=True))
        yield must("every value of sigma can be written with at most twelve digits", short)
        arguments = [float(weight) * max(value, 0) for weight, value in zip(self.output_weights, sums, strict=True)]
        yield must("no argument of sigma is beyond 30 in size", all(abs(value) <= 30 for value in arguments))
        yield wanted("at least one hidden unit is active", any(found))
        yield wanted("no input and no weight is 0", all(self.x) and all(map(all, self.hidden_weights)))
        yield wanted("no output weight is 0", all(map(float, self.output_weights)))
        alike = len(set(self.output_weights)) < units
        yield wanted("no two output weights are equal", self.sigmoid == "rounded" or not alike)
        yield wanted("no two inputs are equal", len(set(self.x)) == len(self.x))
        yield wanted("the inputs are not all of the same sign", min(self.x) < 0 < max(self.x) or len(self.x) == 1)
        pairs = [(total_in, weight) for total_in, weight in zip(sums, self.output_weights, strict=True) if total_in > 0]
        yield wanted("no two active units do the same", len(set(pairs)) == len(pairs))
        yield wanted("no two hidden units have the same weights", len(set(self.hidden_weights)) == units)
        simple = [Fraction(entry.result) for entry in self.forward().values() if _is_rational(entry.result)]
        yield wanted("the values of the units are simple fractions", all(value.denominator <= 60 for value in simple))
        flat = [weight for row in self.hidden_weights for weight in row]
        yield wanted("the hidden weights are not nearly all alike", len(set(flat)) * 2 > len(flat) - 1)
        if self.sigmoid == "rounded":
            forward = self.forward()
            extreme = [forward[f"s_{j + 1}"].result in (0, 1) for j in range(units)]
            yield wanted("no rounded value of sigma is 0 or 1", not any(extreme))
            edges = [abs(10 * _sigmoid(value) % 1 - 0.5) for value in arguments]
            yield wanted("no value of sigma is within 0.01 of where its rounding changes", min(edges) >= 0.1)

    def forward(self) -> Mapping[str, Line]:
        """The worked values of all units, in order."""
        return _forward_lines(self)

    def partials(self) -> Mapping[str, Line]:
        """The worked derivatives of y with respect to the output weights, then the hidden weights input by input."""
        values = {name: entry.result for name, entry in self.forward().items()}
        values |= {f"v_{j}": weight for j, weight in enumerate(self.output_weights, 1)}
        values |= {f"x_{k}": entry for k, entry in enumerate(self.x, 1)}
        units = range(1, len(self.active) + 1)
        lines = {f"dy/dv_{j}": _chain_line(_output_links(j), values) for j in units}
        for k in range(1, len(self.x) + 1):
            lines |= {_key(j, k): _chain_line(_hidden_links(j, k, self.active[j - 1]), values) for j in units}
        return lines

    def solve(self) -> Solution:
        forward, partials = self.forward(), self.partials()
        units = len(self.active)
        output = tuple(partials[f"dy/dv_{j + 1}"] for j in range(units))
        hidden = tuple(self._unit(j, partials) for j in range(units))
        return Solution(
            (
                Part(
                    "a",
                    "table",
                    {name: entry.result for name, entry in forward.items()},
                    len(forward),
                    work={"lines": tuple(forward.values()), "units": units},
                    space=Space("boxes", names=tuple(forward)),
                ),
                Part(
                    "b",
                    "table",
                    {name: entry.result for name, entry in partials.items()},
                    len(partials),
                    work={
                        "output": output,
                        "rows": tuple(
                            tuple(line(entry.left, entry.result) for entry in row)
                            for row in (output, *(unit["lines"] for unit in hidden))
                        ),
                        "hidden": hidden,
                    },
                    space=Space("boxes", names=tuple(entry.left for entry in partials.values())),
                ),
            ),
            work={
                "known": self._known_sigmoids(),
                "logarithms": any(isinstance(weight, Log) for weight in self.output_weights),
            },
        )

    def _unit(self, j: int, partials: Mapping[str, Line]) -> Mapping[str, Value]:
        names = [_key(j + 1, k) for k in range(1, len(self.x) + 1)]
        return {"number": j + 1, "active": self.active[j], "lines": tuple(partials[name] for name in names)}

    def _known_sigmoids(self) -> tuple[tuple[Value, Decimal], ...]:
        """What the question tells about sigma where it is rounded: arguments with their values."""
        if self.sigmoid == "exact":
            return ()
        arguments: dict[float, Value] = {float(z): num(z) for z in range(-2, 3)}
        for name, weight in zip(self.forward(), self.output_weights, strict=False):
            argument = product([self.forward()[name].result, weight]).value()
            arguments.setdefault(float(argument), num(argument))
        return tuple(
            (term.tex(), line("", apply("sigma", term), places=1).result) for _, term in sorted(arguments.items())
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        x = [numeric.real(entry) for entry in self.x]
        hidden = [[numeric.real(weight) for weight in row] for row in self.hidden_weights]
        output = [numeric.real(weight) for weight in self.output_weights]
        relus, sigmoids, _ = numeric.forward(x, hidden, output)
        shown = [numeric.to_one_decimal(s) if self.sigmoid == "rounded" else s for s in sigmoids]
        values = {f"r_{j}": value for j, value in enumerate(relus, 1)}
        values |= {f"s_{j}": value for j, value in enumerate(shown, 1)}
        yield agree("a", "the network evaluated to fifty digits", solution["a"].answer, {**values, "y": sum(shown)})
        of_hidden, of_output = numeric.differences(x, hidden, output)
        # Every derivative has the factor s (1 - s) of one unit, which is where a rounded value comes in.
        factors = [t * (1 - t) / (s * (1 - s)) for s, t in zip(sigmoids, shown, strict=True)]
        found = {
            f"dy/dv_{j}": slope * factor for j, (slope, factor) in enumerate(zip(of_output, factors, strict=True), 1)
        }
        for j, (slopes, factor) in enumerate(zip(of_hidden, factors, strict=True), 1):
            found |= {_key(j, k): slope * factor for k, slope in enumerate(slopes, 1)}
        yield agree("b", "central differences on the network", solution["b"].answer, found)

    def slips(self) -> Iterable[Slip]:
        if not all(self.active):
            yield Slip("a", "ReLU left out", self._without_relu())
            yield self._wrong("derivative of an inactive ReLU taken as 1", inactive=1)
        if any(on and entry < 0 for on in self.active for entry in self.x):
            yield self._wrong("sign of the input dropped", entry=abs)
        yield self._wrong(r"derivative of $\sigma$ taken as $\sigma$ itself", slope=num)

    def _wrong(
        self,
        name: str,
        *,
        slope: Callable[[Value], Term] = lambda s: product([s, 1 - num(s)]),
        inactive: int = 0,
        entry: Callable[[int], int] = lambda x: x,
    ) -> Slip:
        """The table of partial derivatives with one rule replaced by a wrong one."""
        values = {key: found.result for key, found in self.forward().items()}
        table = {}
        for j, (on, weight) in enumerate(zip(self.active, self.output_weights, strict=True), 1):
            share = slope(values[f"s_{j}"])
            table[f"dy/dv_{j}"] = line("", product([share, values[f"r_{j}"]])).result
            for k, x in enumerate(self.x, 1):
                table[_key(j, k)] = line("", product([share, weight, entry(x) if on else inactive * x])).result
        return Slip("b", name, table, apart=True)

    def _without_relu(self) -> Mapping[str, Value]:
        """The forward values where negative arguments pass the hidden units unchanged."""
        places = 1 if self.sigmoid == "rounded" else None
        sums = [_dot(row, self.x) for row in self.hidden_weights]
        sigmoids = [
            line("", apply("sigma", product([value, weight])), places=places).result
            for value, weight in zip(sums, self.output_weights, strict=True)
        ]
        table: dict[str, Value] = {f"r_{j}": value for j, value in enumerate(sums, 1)}
        table |= {f"s_{j}": value for j, value in enumerate(sigmoids, 1)}
        return {**table, "y": line("", total(sigmoids)).result}

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        units, inputs = len(self.active), len(self.x)
        layers = [
            [f"x_{k + 1}" for k in range(inputs)],
            [f"r_{j + 1}" for j in range(units)],
            [f"s_{j + 1}" for j in range(units)],
            ["y"],
        ]
        weights = [
            *(
                Weight((0, k), (1, j), f"w_{{{j + 1}{k + 1}}}={self.hidden_weights[j][k]}")
                for j in range(units)
                for k in range(inputs)
            ),
            *(Weight((1, j), (2, j), f"v_{j + 1}={tex(self.output_weights[j])}") for j in range(units)),
            *(Weight((2, j), (3, 0)) for j in range(units)),
        ]
        known = {(0, k): tex(entry) for k, entry in enumerate(self.x)}
        answer = solution["a"].answer
        values = {
            **known,
            **{(1, j): tex(answer[f"r_{j + 1}"]) for j in range(units)},
            **{(2, j): tex(answer[f"s_{j + 1}"]) for j in range(units)},
            (3, 0): tex(answer["y"]),
        }
        captions = [r"\text{inputs}", r"\max(\cdot, 0)", r"\sigma", r"\text{sum}"]
        return {
            "network": network_figure(
                layers, weights, description="The network with weights and inputs.", captions=captions, values=known
            ),
            "worked": network_figure(
                layers,
                weights,
                description="The network with the values of all units; inactive units are dashed.",
                captions=captions,
                values=values,
                inactive=[(1, j) for j in range(units) if not self.active[j]],
            ),
        }


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain rule: the derivative of ``top`` by ``bottom`` as a formula of some quantities."""

    top: str
    bottom: str
    formula: Formula
    letters: tuple[str, ...] = ()


def _output_links(j: int) -> tuple[Link, ...]:
    """From y to the weight in the argument of a sigmoid unit."""
    s, v, r = f"s_{j}", f"v_{j}", f"r_{j}"
    return (Link("y", s, lambda: num(1)), Link(s, v, lambda s, r: s * (1 - s) * r, (s, r)))


def _hidden_links(j: int, k: int, active: bool) -> tuple[Link, ...]:
    """From y to the weight between an input and a hidden unit."""
    s, v, r, w, x = f"s_{j}", f"v_{j}", f"r_{j}", f"w_{{{j}{k}}}", f"x_{k}"
    last = Link(r, w, lambda x: x, (x,)) if active else Link(r, w, lambda: num(0))
    return (Link("y", s, lambda: num(1)), Link(s, r, lambda s, v: s * (1 - s) * v, (s, v)), last)


def _chain_line(links: tuple[Link, ...], values: Mapping[str, Value]) -> Line:
    """The product of the links that the chain rule asks for; the first link is 1 and left out."""
    local = r" \cdot ".join(formula_tex(link.formula, *link.letters) for link in links[1:])
    numbers = [link.formula(*(num(values[letter]) for letter in link.letters)) for link in links[1:]]
    return line(_partial("y", links[-1].bottom), reduce(mul, numbers), local)


@lru_cache(maxsize=64)
def _forward_lines(q: NetworkBackprop) -> Mapping[str, Line]:
    lines: dict[str, Line] = {}
    for j, row in enumerate(q.hidden_weights, 1):
        pairs = enumerate(zip(row, q.x, strict=True), 1)
        letters = {name: value for k, (w, x) in pairs for name, value in ((f"w_{{{j}{k}}}", w), (f"x_{k}", x))}
        lines[f"r_{j}"] = step_line(f"r_{j}", _hidden_unit, letters)
    places = 1 if q.sigmoid == "rounded" else None
    for j, weight in enumerate(q.output_weights, 1):
        factors: dict[str, Value] = {f"r_{j}": lines[f"r_{j}"].result, f"v_{j}": weight}
        lines[f"s_{j}"] = step_line(f"s_{j}", lambda r, v: apply("sigma", r * v), factors, places=places)
    sigmoids = {name: entry.result for name, entry in lines.items() if name.startswith("s")}
    lines["y"] = step_line("y", lambda *terms: total(terms), sigmoids)
    return lines


def _hidden_unit(*letters: Term) -> Term:
    """Weight times input, and so on, added up and cut off at 0."""
    return apply("relu", total(product(pair) for pair in zip(letters[::2], letters[1::2], strict=True)))


def _key(unit: int, place: int) -> str:
    """The name of a hidden weight's derivative in the table of answers."""
    return f"dy/dw_{{{unit}{place}}}"


def _partial(top: str, bottom: str) -> str:
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def _bits(weight: Number) -> int:
    """The length of the fraction whose power a logarithmic weight makes of a unit's value."""
    if not isinstance(weight, Log):
        return 0
    return max(weight.argument.numerator, weight.argument.denominator).bit_length()


def _sigmoid(argument: float) -> float:
    return 1 / (1 + math.exp(-argument))


def _is_rational(value: Value) -> bool:
    return isinstance(value, int | Fraction | Decimal)


def _dot(row: tuple[int, ...], x: tuple[int, ...]) -> int:
    return sum(weight * entry for weight, entry in zip(row, x, strict=False))


def _signs(x: tuple[int, ...], rows: tuple[tuple[int, ...], ...]) -> tuple[bool, ...]:
    return tuple(_dot(row, x) > 0 for row in rows)


def _sizes(d: Draw, level: Level) -> tuple[int, int]:
    """Numbers of inputs and hidden units: the level's, unless a pinned parameter has other sizes."""
    inputs, units = SIZES[level]
    rows: tuple[tuple[int, ...], ...] | None = d.given("hidden_weights", lambda: None)
    if rows is not None:
        return len(rows[0]), len(rows)
    for name in ("active", "output_weights"):
        found: tuple[object, ...] | None = d.given(name, lambda: None)
        units = units if found is None else len(found)
    return inputs, units


def _draw_inputs(d: Draw, count: int) -> tuple[int, ...]:
    # One input is 1 or -1, so that a weight can make up for the others.
    return d.shuffled((d.pick((1, -1)), *(d.nonzero(-3, 3) for _ in range(count - 1))))


def _draw_pattern(d: Draw, level: Level, units: int) -> tuple[bool, ...]:
    """All active at level easy, else exactly one inactive unit."""
    return d.shuffled((level == "easy" or units == 1, *(True for _ in range(units - 1))))


def _draw_row(d: Draw, x: tuple[int, ...], wanted_sum: int) -> tuple[int, ...]:
    """Weights that give a wanted sum with the inputs, or any weights where none are found soon."""
    row: tuple[int, ...] = ()
    for _ in range(60):
        row = tuple(d.nonzero(-LARGEST, LARGEST) for _ in x)
        if _dot(row, x) == wanted_sum:
            break
    return row


def _draw_weight(d: Draw, value: int, sigmoid: str) -> Number:
    """An output weight for a unit of a given value; for an inactive one any will do."""
    if sigmoid == "rounded":
        return d.pick(WHOLE.get(value, (1, -1, 2, -2)))
    return Log(d.pick(BASES.get(value if value > 0 else 1, BASES[3])))
