"""The backward message of an activation layer: its derivative, and what it passes on for given numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from math import exp
from typing import Annotated, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log, Number, log, normal_form, symbolic
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
from generator.notation import Value, tex
from generator.solver.activations import (
    KINKS,
    LEARNED,
    PLAIN,
    Activation,
    Branches,
    Name,
    activation,
    branches_tex,
    expression,
)
from generator.working import Line, apply, line, num, total

LAYERS: Mapping[Level, tuple[Name, ...]] = {
    "easy": ("relu", "hard-tanh", "leaky-relu"),
    "medium": ("sigmoid", "tanh", "softplus", "silu"),
    "hard": ("prelu", "elu"),
}
COMPONENTS: Mapping[Level, int] = {"easy": 4, "medium": 3, "hard": 4}
Input = Annotated[int | Fraction | Log, Between(-50, 50)]


def _draw_inputs(d: Draw, layer: Name, count: int) -> tuple[Number, ...]:
    """Inputs at which the layer is exact, on both sides of its kinks."""

    def logs(*bases: Fraction) -> tuple[Number, ...]:
        return tuple(log(base ** d.pick((-1, 1))) for base in d.sample(bases, count))

    def whole(sizes: int) -> list[int]:
        return list(d.sample(range(1, 10), sizes))

    half = count // 2
    match layer:
        case "tanh":
            return logs(*(Fraction(base, 2) for base in (4, 6, 3, 10)[: max(count, 3)]))
        case "sigmoid" | "softplus" | "silu":
            return logs(*(Fraction(base, 2) for base in (4, 6, 8, 3, 10)))
        case "hard-tanh":
            inner = d.sample([Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 3)], count - half)
            outer = d.sample([Fraction(3, 2), Fraction(2), Fraction(5, 2), Fraction(3)], half)
            return tuple(normal_form(d.pick((-1, 1)) * size) for size in d.shuffled((*inner, *outer)))
        case "elu":
            below = [log(Fraction(1, base)) for base in d.sample((2, 3, 4, 5), count - half)]
            return d.shuffled((*below, *whole(half)))
        case _:
            return d.shuffled((*(-size for size in whole(count - half)), *whole(half)))


@exercise(title="Messages of an activation layer", source=("D4",))
@dataclass(frozen=True, slots=True)
class BackwardMessage(Exercise):
    """An activation layer, its inputs and the gradient that reaches its outputs.

    ``parameter`` is the learned a of PReLU and ELU, or the constant slope c of the leaky ReLU; others have none.
    """

    layer: Literal["sigmoid", "tanh", "softplus", "silu", "relu", "leaky-relu", "prelu", "elu", "hard-tanh"]
    parameter: Annotated[int | Fraction, Between(0, 100)] | None
    x: Annotated[tuple[Input, ...], Length(1, 4)]
    gradient: Annotated[tuple[Annotated[int, Between(-100, 100)], ...], Length(1, 4)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        layer: Name = d.given("layer", lambda: d.pick(LAYERS[level]))
        gradient: tuple[int, ...] = d.given("gradient", tuple)
        x = d.given("x", lambda: _draw_inputs(d, layer, len(gradient) or COMPONENTS[level]))
        return cls(
            layer=layer,
            parameter=d.given("parameter", lambda: _draw_parameter(d, layer)),
            x=x,
            gradient=gradient or tuple(d.pick((-6, -5, -4, -3, -2, 2, 3, 4, 5, 6)) for _ in x),
        )

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
    def _constant(self) -> int | Fraction:
        return 0 if self.parameter is None else self.parameter

    def conditions(self) -> Iterable[Condition]:
        needed = self.learned or self.layer == "leaky-relu"
        yield must(
            "parametric and leaky layers have a parameter, the others none", needed == (self.parameter is not None)
        )
        yield must("the parameter is positive", not needed or self._constant > 0)
        yield must("there is one gradient for every input", len(self.x) == len(self.gradient))
        yield must("no input lies at a kink of the layer", not any(float(x) in self.kinks for x in self.x))
        yield wanted("the inputs differ", len(set(self.x)) == len(self.x))
        yield wanted("no gradient is 0", all(self.gradient))
        yield wanted("the gradients differ", len(set(self.gradient)) == len(self.gradient))
        yield wanted("the parameter is not 1", self.parameter != 1)
        if self.kinks:
            inside = {float(x) > 0 if self.kinks == (0,) else abs(float(x)) < 1 for x in self.x}
            yield wanted("there are inputs on both sides of a kink", len(inside) == 2 or len(self.x) == 1)

    def solve(self) -> Solution:
        steps = [_forward(self.layer, i, x, self._constant) for i, x in enumerate(self.x, 1)]
        outputs = [entries[-1] for entries in steps]
        slopes = self._slopes(steps)
        messages = [
            line(f"m_{i}", num(g) * slope.result, formula=rf"g_{i} \, y'(x_{i})")
            for i, (g, slope) in enumerate(zip(self.gradient, slopes, strict=True), 1)
        ]
        answer = {entry.left: entry.result for entry in (*outputs, *messages)}
        work: dict[str, Value] = {"outputs": tuple(chain(*steps)), "messages": (*slopes, *messages)}
        if self.learned:
            work["parameter"] = self._parameter_line()
            answer["p"] = work["parameter"].result
        space = Space("boxes", rows=2 * len(self.x), names=tuple(answer))
        last = Part("d" if self.learned else "c", "table", answer, points=4, work=work, space=space)
        layer = activation(self.layer)
        return Solution((*self._expressions(layer), last), {"definition": branches_tex(layer.definition)})

    def _expressions(self, layer: Activation) -> Iterable[Part]:
        steps = tuple(tex(step) for step in layer.steps)
        for name, kind, branches in zip("abc", ("x", "y", "a"), _answers(layer), strict=False):
            shown = {"steps": steps} if kind == "x" else {}
            space = Space("lines", rows=5)
            yield Part(name, "expression", expression(branches), 2, shown, space, tex=branches_tex(branches))

    def _slopes(self, steps: Sequence[Sequence[Line]]) -> list[Line]:
        """The derivatives at the inputs, by the outputs where the layer is smooth."""
        lines = []
        for i, (x, entries) in enumerate(zip(self.x, steps, strict=True), 1):
            y, left = num(entries[-1].result), f"y'(x_{i})"
            match self.layer:
                case "sigmoid":
                    lines.append(line(left, y * (1 - y), rf"y_{i} (1 - y_{i})"))
                case "tanh":
                    lines.append(line(left, 1 - y**2, f"1 - y_{i}^2"))
                case "softplus":
                    lines.append(line(left, 1 - 1 / (num(1) + _exp(x, 1)), f"1 - e^{{-y_{i}}}"))
                case "silu":
                    s = num(entries[0].result)
                    lines.append(line(left, s + y * (1 - s), f"s_{i} + y_{i} (1 - s_{i})"))
                case "elu" if float(x) < 0:
                    lines.append(line(left, y + self._constant, f"y_{i} + a"))
                case "hard-tanh":
                    lines.append(line(left, int(abs(float(x)) < 1)))
                case _:
                    negative = {"leaky-relu": "c", "prelu": "a"}.get(self.layer, "") if float(x) < 0 else ""
                    lines.append(line(left, 1 if float(x) > 0 else self._constant, negative))
        return lines

    def _parameter_line(self) -> Line:
        """The sum of the components' contributions to the gradient of the parameter."""
        factors = [_by_parameter(self.layer, x) for x in self.x]
        work = total(num(g) * factor for g, factor in zip(self.gradient, factors, strict=True))
        count = len(self.x)
        return line("p", work, formula=rf"\sum_{{i=1}}^{{{count}}} g_i \frac{{\partial y_i}}{{\partial a}}")

    def check(self, solution: Solution) -> Iterable[Check]:
        for part, (exact, found) in zip("abc", _judged(self.layer), strict=False):
            yield agree(part, "central differences at fixed points", exact, found, tolerance=1e-6)
        for exact, found in _judged_steps(self.layer):
            yield agree("a", "the layer in plain numbers and its differences", exact, found, tolerance=1e-6)
        last = solution.parts[-1]
        yield agree(last.id, "central differences of the loss", last.answer, self._differences(), tolerance=1e-6)

    def _differences(self) -> Mapping[str, float]:
        layer, constant, step = PLAIN[self.layer], float(self._constant), 1e-5
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
        plain = [_slope(self.layer, x, self._constant) for x in self.x]

        def wrong(name: str, slopes: Sequence[Value]) -> Slip:
            messages = {f"m_{i}": g * slope for i, (g, slope) in enumerate(zip(self.gradient, slopes, strict=True), 1)}
            return Slip(part, name, {**answer, **messages}, apart=True)

        if any(g != 1 for g in self.gradient):
            alone = {f"m_{i}": slope for i, slope in enumerate(plain, 1)}
            if self.learned:
                alone["p"] = sum(_by_parameter(self.layer, x) for x in self.x)
            yield Slip(part, "incoming gradient left out", {**answer, **alone}, apart=True)
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
                yield wrong("second term of the product rule forgotten", [_sigmoid(x) for x in self.x])
            case "relu" | "hard-tanh" if 0 in plain:
                yield wrong("every derivative taken as 1", [1] * len(self.x))
            case "leaky-relu" | "prelu" if self._constant in plain:
                yield wrong("derivative 0 for negative inputs", [1 if float(x) > 0 else 0 for x in self.x])
            case "elu" if any(float(x) < 0 for x in self.x):
                taken = [slope if float(x) > 0 else y for x, slope, y in zip(self.x, plain, outputs, strict=True)]
                yield wrong("output taken for the derivative", taken)


def _draw_parameter(d: Draw, layer: Name) -> int | Fraction | None:
    match layer:
        case "prelu":
            return Fraction(1, d.pick((2, 3, 4, 5)))
        case "leaky-relu":
            return Fraction(1, d.pick((5, 10, 20)))
        case "elu":
            return normal_form(Fraction(d.pick((1, 3, 4, 6)), 2))
    return None


def _exp(x: Number, sign: int) -> Value:
    """The exponential of x or of -x, a plain number where x is a logarithm."""
    if isinstance(x, Log):
        return normal_form(x.argument**sign)
    import sympy

    return 1 if x == 0 else sympy.exp(sign * symbolic(x))


def _sigmoid(x: Number) -> Value:
    return (num(1) / (num(1) + _exp(x, -1))).value()


def _forward(layer: Name, i: int, x: Number, constant: int | Fraction) -> tuple[Line, ...]:
    """The lines that lead to the i-th output, the output last."""
    left, up, down = f"y_{i}", _exp(x, 1), _exp(x, -1)
    sigmoid = rf"\frac{{1}}{{1 + e^{{-x_{i}}}}}"
    match layer:
        case "sigmoid":
            return (line(left, num(1) / (num(1) + down), sigmoid),)
        case "silu":
            s = line(f"s_{i}", num(1) / (num(1) + down), sigmoid)
            return (s, line(left, num(x) * s.result, rf"x_{i} \, s_{i}"))
        case "tanh":
            formula = rf"\frac{{e^{{x_{i}}} - e^{{-x_{i}}}}}{{e^{{x_{i}}} + e^{{-x_{i}}}}}"
            return (line(left, (num(up) - down) / (num(up) + down), formula),)
        case "softplus":
            return (line(left, apply("ln", num(1) + up), rf"\ln\left(1 + e^{{x_{i}}}\right)"),)
        case "hard-tanh" if abs(float(x)) > 1:
            return (line(left, 1 if float(x) > 0 else -1),)
        case "relu" if float(x) < 0:
            return (line(left, 0),)
        case "elu" if float(x) < 0:
            return (line(left, num(constant) * (num(up) - 1), rf"a \left(e^{{x_{i}}} - 1\right)"),)
        case "leaky-relu" | "prelu" if float(x) < 0:
            return (line(left, num(constant) * x, f"{'c' if layer == 'leaky-relu' else 'a'} \\, x_{i}"),)
    return (line(left, num(x), f"x_{i}"),)


def _slope(layer: Name, x: Number, constant: int | Fraction) -> Value:
    """The derivative, from its formula in x."""
    import sympy

    found = expression(activation(layer).slope).subs({"x": symbolic(x), "a": constant, "c": constant})
    return _plain(sympy.expand(found))


def _by_parameter(layer: Name, x: Number) -> Value:
    return 0 if float(x) > 0 else _plain(expression(activation(layer).by_parameter).subs("x", symbolic(x)))


def _plain(value: Value) -> Value:
    return normal_form(Fraction(int(value.p), int(value.q))) if value.is_Rational else value


def _answers(layer: Activation) -> tuple[Branches, ...]:
    answers = (layer.slope, layer.by_output)
    return (*answers, layer.by_parameter) if layer.by_parameter else answers


@lru_cache(maxsize=16)
def _judged(layer: Name) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """The symbolic answers at fixed points, each with the central difference of the layer in plain numbers."""
    points, constant, step, plain = (-2.3, -0.7, 0.4, 1.9), 0.6, 1e-5, PLAIN[layer]
    by_input = tuple((plain(x + step, constant) - plain(x - step, constant)) / (2 * step) for x in points)
    by_parameter = tuple((plain(x, constant + step) - plain(x, constant - step)) / (2 * step) for x in points)
    judged = []
    for branches, found in zip(_answers(activation(layer)), (by_input, by_input, by_parameter), strict=False):
        values = (
            {"x": x, "y": plain(x, constant), "s": 1 / (1 + exp(-x)), "a": constant, "c": constant} for x in points
        )
        judged.append((tuple(float(expression(branches).subs(value)) for value in values), found))
    return tuple(judged)


@lru_cache(maxsize=16)
def _judged_steps(layer: Name) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """What the question and the derivation print at fixed points: the layer, and each form of its derivative."""
    points, constant, step, plain = (-2.3, -0.7, 0.4, 1.9), 0.6, 1e-5, PLAIN[layer]
    found = activation(layer)
    slopes = tuple((plain(x + step, constant) - plain(x - step, constant)) / (2 * step) for x in points)
    outputs = tuple(plain(x, constant) for x in points)

    def printed(form: Value) -> tuple[float, ...]:
        return tuple(float(form.subs({"x": x, "a": constant, "c": constant})) for x in points)

    return (printed(expression(found.definition)), outputs), *((printed(form), slopes) for form in found.steps)
