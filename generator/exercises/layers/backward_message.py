"""The backward message of an activation layer: its derivative, and what it passes on for given numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Annotated, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises._decimals import PLACES, STEP_PLACES, as_decimal, printed_as_exact, short_decimals, step_line
from generator.exercises.layers._activation_draw import (
    COMPONENTS,
    EXPONENTIAL,
    SMOOTH,
    choices,
    draw_decimals,
    draw_inputs,
    draw_parameter,
)
from generator.exercises.layers._activation_lines import Exponentials, forward, parameter_factor, sigmoid
from generator.exercises.layers._activation_values import (
    answers,
    central_slopes,
    exact_by_parameter,
    exact_slope,
    exact_value,
    judged_steps,
    values_at_points,
)
from generator.notation import Value, rounded, tex
from generator.solver.activations import (
    KINKS,
    LEARNED,
    PLAIN,
    Activation,
    Branch,
    Name,
    activation,
    branches_tex,
    expression,
)
from generator.solver.written import written_tex
from generator.working import Line, apply, line, num, product, total

Input = Annotated[int | Fraction | Log, Between(-50, 50)]


@exercise(title="Messages of an activation layer", source=("D4",))
@dataclass(frozen=True, slots=True)
class BackwardMessage(Exercise):
    """An activation layer, its inputs, the gradient that reaches its outputs, and how values are given.

    ``parameter`` is the learned a of PReLU and ELU, or the constant slope c of the leaky ReLU; others have none.
    In the style "decimal" the inputs of a layer with an exponential are short decimals instead of logarithms.
    """

    layer: Literal["sigmoid", "tanh", "softplus", "silu", "relu", "leaky-relu", "prelu", "elu", "hard-tanh"]
    parameter: Annotated[int | Fraction, Between(0, 100)] | None
    x: Annotated[tuple[Input, ...], Length(1, 4)]
    gradient: Annotated[tuple[Annotated[int, Between(-100, 100)], ...], Length(1, 4)]
    style: Literal["exact", "decimal"] = "exact"

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        style: Literal["exact", "decimal"] = d.given("style", lambda: "exact")
        layer: Name = d.given("layer", lambda: d.pick(choices(level, style)))
        gradient: tuple[int, ...] = d.given("gradient", tuple)
        count = len(gradient) or COMPONENTS[level]
        decimal = style == "decimal"
        x = d.given("x", lambda: draw_decimals(d, count) if decimal else draw_inputs(d, layer, count))
        return cls(
            layer=layer,
            parameter=d.given("parameter", lambda: draw_parameter(d, layer)),
            x=x,
            gradient=gradient or tuple(d.pick((-6, -5, -4, -3, -2, 2, 3, 4, 5, 6)) for _ in x),
            style=style,
        )

    def pattern(self) -> str:
        return f"layer={self.layer}"

    @property
    def learned(self) -> bool:
        """Whether the layer has a parameter to learn."""
        return self.layer in LEARNED

    @property
    def kinks(self) -> tuple[int, ...]:
        """Where the layer has no derivative."""
        return KINKS.get(self.layer, ())

    @property
    def logarithms(self) -> bool:
        """Whether some input is given as a logarithm."""
        return any(isinstance(x, Log) for x in self.x)

    @property
    def decimal(self) -> bool:
        """Whether values are decimals, rounded at every step."""
        return self.style == "decimal"

    @property
    def shown(self) -> tuple[Value, ...]:
        """The inputs as they are printed."""
        return tuple(map(as_decimal, self.x)) if self.decimal else self.x

    @property
    def constant(self) -> Value:
        """The parameter as it is printed."""
        return as_decimal(self._constant) if self.decimal else self._constant

    @property
    def _constant(self) -> int | Fraction:
        return 0 if self.parameter is None else self.parameter

    def conditions(self) -> Iterable[Condition]:
        needed = self.learned or self.layer == "leaky-relu"
        yield must(
            "parametric and leaky layers have a parameter, the others none", needed == (self.parameter is not None)
        )
        yield must("the parameter is positive", not needed or self._constant > 0)
        yield must("there is one gradient for every input", len(self.x) == len(self.gradient))
        if self.decimal:
            yield must("only layers with an exponential have values to be rounded", self.layer in EXPONENTIAL)
            yield short_decimals("every input", self.x)
            yield must("no input is beyond 5 in size", all(abs(float(x)) <= 5 for x in self.x))
            yield short_decimals("the parameter", (self._constant,))
        yield must("no input lies at a kink of the layer", not any(float(x) in self.kinks for x in self.x))
        yield wanted("the inputs differ", len(set(self.x)) == len(self.x))
        yield wanted("no gradient is 0", all(self.gradient))
        yield wanted("the gradients differ", len(set(self.gradient)) == len(self.gradient))
        yield wanted("the parameter is not 1", self.parameter != 1)
        if self.kinks:
            inside = {float(x) > 0 if self.kinks == (0,) else abs(float(x)) < 1 for x in self.x}
            yield wanted("there are inputs on both sides of a kink", len(inside) == 2 or len(self.x) == 1)
        if self.decimal:
            yield printed_as_exact(self.solve())

    def solve(self) -> Solution:
        outputs, slopes = self._outputs(), self._slopes()
        messages = tuple(
            step_line(f"m_{i}", lambda g, t: g * t, {f"g_{i}": g, f"y'(x_{i})": slope.result}, places=slope.places)
            for i, (g, slope) in enumerate(zip(self.gradient, slopes, strict=True), 1)
        )
        results = (*(entries[-1] for entries in outputs), *messages)
        work: dict[str, Value] = {"outputs": tuple(chain(*outputs)), "slopes": slopes, "messages": messages}
        if self.learned:
            work["parameter"] = self._parameter_line()
            results = (*results, work["parameter"])
        work["results"] = tuple(map(self._final, results))
        answer = self._answer() if self.decimal else {entry.left: entry.result for entry in results}
        last = Part(
            "d" if self.learned else "c",
            "table",
            answer,
            points=4,
            work=work,
            space=Space("boxes", rows=2 * len(self.x), names=tuple(answer)),
            places=PLACES if self.decimal else None,
            results=results if self.decimal else (),
            tex=self._table_tex(answer),
        )
        layer = activation(self.layer)
        return Solution((*self._expressions(layer), last), {"definition": branches_tex(layer.definition)})

    @property
    def _places(self) -> int | None:
        return STEP_PLACES if self.decimal else None

    def _rounded(self, value: Value) -> Value:
        """A value as it is given in the end."""
        return rounded(value, PLACES) if self.decimal else value

    def _final(self, entry: Line) -> Mapping[str, Value]:
        """A result, and what it is rounded to in the end."""
        value = self._rounded(entry.result)
        return {"name": entry.left, "value": entry.result, "rounded": None if value == entry.result else value}

    def _table_tex(self, table: Mapping[str, Value]) -> str:
        return r",\; ".join(f"{name} = {tex(self._rounded(value))}" for name, value in table.items())

    def _answer(self) -> Mapping[str, Value]:
        """The exact values, from the formulas of the layer."""
        values = {
            f"y_{i}": exact_value(activation(self.layer).pieces, x, self._constant) for i, x in enumerate(self.x, 1)
        }
        for i, (x, g) in enumerate(zip(self.x, self.gradient, strict=True), 1):
            values[f"m_{i}"] = product([g, exact_slope(self.layer, x, self._constant)]).value()
        if self.learned:
            shares = [
                product([g, exact_by_parameter(self.layer, x)]) for g, x in zip(self.gradient, self.x, strict=True)
            ]
            values["p"] = total(shares).value()
        return values

    def _expressions(self, layer: Activation) -> Iterable[Part]:
        by_input = layer.derivation
        by_output = layer.by_output_steps
        pieces = tuple(map(_piece_tex, layer.pieces, layer.slope)) if self.kinks == (0,) else ()
        shown: Mapping[str, Mapping[str, Value]] = {
            "x": {
                "derivation": by_input and by_input.tex,
                "made_of": tuple(map(written_tex, layer.made_of)),
                "pieces": pieces,
            },
            "y": {"derivation": by_output and by_output.tex, "aside": layer.aside and layer.aside.tex},
            "a": {"factor": written_tex(layer.by_parameter[-1].value) if layer.by_parameter else ""},
        }
        for name, kind, branches in zip("abc", ("x", "y", "a"), answers(layer), strict=False):
            space = Space("lines", rows=5)
            yield Part(name, "expression", expression(branches), 2, shown[kind], space, tex=branches_tex(branches))

    def _outputs(self) -> tuple[tuple[Line, ...], ...]:
        """For every component the lines that lead to its output, the output last."""
        return tuple(
            forward(self.layer, i, shown, self.constant, Exponentials(i, shown, self._places))
            for i, shown in enumerate(self.shown, 1)
        )

    def _slopes(self) -> tuple[Line, ...]:
        """The derivatives at the inputs, by the outputs where the layer is smooth."""
        return tuple(
            self._slope_line(i, x, entries)
            for i, (x, entries) in enumerate(zip(self.shown, self._outputs(), strict=True), 1)
        )

    def _slope_line(self, i: int, x: Value, entries: Sequence[Line]) -> Line:
        left, y, layer = f"y'(x_{i})", num(entries[-1].result), activation(self.layer, str(i))
        side = 0 if float(x) > 0 or self.layer in SMOOTH else -1
        formula = written_tex(layer.by_output[side].value)
        match self.layer:
            case "sigmoid":
                return line(left, y * (1 - y), formula, self._places)
            case "tanh":
                return line(left, 1 - y**2, formula, self._places)
            case "softplus":
                # By the output, but without the logarithm that the exponential undoes.
                power = apply("exp", -y) if self.decimal else 1 / (1 + Exponentials(i, x, None).term(1))
                return line(left, 1 - power, formula, self._places)
            case "silu":
                s = num(next(entry for entry in entries if entry.left.startswith("s")).result)
                return line(left, s + y * (1 - s), formula, self._places)
            case "elu" if float(x) < 0:
                return line(left, y + self.constant, formula, self._places)
            case "hard-tanh":
                return line(left, int(abs(float(x)) < 1))
        return line(left, 1 if float(x) > 0 else self._constant, formula)

    def _parameter_line(self) -> Line:
        """The sum of the components' contributions to the gradient of the parameter."""
        factors = [
            parameter_factor(self.layer, x, Exponentials(i, x, self._places)) for i, x in enumerate(self.shown, 1)
        ]
        work = total(num(g) * factor for g, factor in zip(self.gradient, factors, strict=True))
        count = len(self.x)
        return line("p", work, rf"\sum_{{i=1}}^{{{count}}} g_i \frac{{\partial y_i}}{{\partial a}}", self._places)

    def check(self, solution: Solution) -> Iterable[Check]:
        route = "central differences at fixed points"
        for part in solution.parts[:-1]:
            exact = values_at_points(part.answer, self.layer, part.id)
            yield agree(part.id, route, exact, central_slopes(self.layer, part.id), tolerance=1e-6)
        for exact, found in judged_steps(self.layer):
            yield agree("a", "the layer in plain numbers and its differences", exact, found, tolerance=1e-6)
        last = solution.parts[-1]
        yield agree(last.id, "central differences of the loss", last.answer, self._differences(), tolerance=1e-6)

    def _differences(self) -> Mapping[str, float]:
        layer, constant, step = PLAIN[self.layer], float(self.parameter or 0), 1e-5
        found = {f"y_{i}": layer(float(x), constant) for i, x in enumerate(self.x, 1)}
        for i, (x, g) in enumerate(zip(self.x, self.gradient, strict=True), 1):
            found[f"m_{i}"] = g * (layer(float(x) + step, constant) - layer(float(x) - step, constant)) / (2 * step)
        if self.learned:
            change = [layer(float(x), constant + step) - layer(float(x), constant - step) for x in self.x]
            found["p"] = sum(g * part for g, part in zip(self.gradient, change, strict=True)) / (2 * step)
        return found

    def slips(self) -> Iterable[Slip]:
        part = "d" if self.learned else "c"
        answer = self.solve().parts[-1].answer

        def slip(name: str, table: Mapping[str, Value]) -> Slip:
            differing = {key: value for key, value in table.items() if value != answer[key]}
            return Slip(part, name, table, apart=True, tex=self._table_tex(differing) if self.decimal else None)

        plain = [exact_slope(self.layer, x, self._constant) for x in self.x]

        def wrong(name: str, slopes: Sequence[Value]) -> Slip:
            messages = {f"m_{i}": g * slope for i, (g, slope) in enumerate(zip(self.gradient, slopes, strict=True), 1)}
            return slip(name, {**answer, **messages})

        if any(g != 1 for g in self.gradient):
            alone = {f"m_{i}": slope for i, slope in enumerate(plain, 1)}
            if self.learned:
                alone["p"] = sum(exact_by_parameter(self.layer, x) for x in self.x)
            yield slip("incoming gradient left out", {**answer, **alone})
        outputs = [answer[f"y_{i}"] for i in range(1, len(self.x) + 1)]
        match self.layer:
            case "sigmoid":
                yield wrong("output taken for the derivative", outputs)
            case "tanh":
                yield wrong("square forgotten, $1 - y$", [1 - y for y in outputs])
                yield wrong("rule of the sigmoid, $y (1 - y)$", [y * (1 - y) for y in outputs])
            case "softplus":
                yield wrong("inner derivative forgotten", [1 - slope for slope in plain])
            case "silu":
                yield wrong("second term of the product rule forgotten", [sigmoid(x) for x in self.x])
            case "relu" | "hard-tanh" if 0 in plain:
                yield wrong("every derivative taken as 1", [1] * len(self.x))
            case "leaky-relu" | "prelu" if self._constant in plain:
                yield wrong("derivative 0 for negative inputs", [1 if float(x) > 0 else 0 for x in self.x])
            case "elu" if any(float(x) < 0 for x in self.x):
                taken = [slope if float(x) > 0 else y for x, slope, y in zip(self.x, plain, outputs, strict=True)]
                yield wrong("$y$ taken for $y + a$", taken)


def _piece_tex(piece: Branch, slope: Branch) -> tuple[str, str, str]:
    """Where a piece of a layer lies, what it is there, and its slope."""
    return written_tex(piece.condition), written_tex(piece.value), written_tex(slope.value)
