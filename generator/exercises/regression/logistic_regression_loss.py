"""Logistic regression on one input: the meaning of its parameters, its loss, the derivatives, and convexity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, exp
from typing import Annotated, Any, Self

from generator.draw import Draw, Level
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
from generator.exercises.regression._logistic_symbols import (
    Reduction,
    gradient_tex,
    per_example,
    shown,
    symbolic_steps,
)
from generator.exercises.regression._naming import LETTERS, Letter, names
from generator.figure import Figure, Mark, PlotCurve, heatmap_figure, plot_figure
from generator.notation import Value, tex
from generator.solver import logistic
from generator.working import line, num

Input = Annotated[Decimal, Between(-100, 100)]
Coefficient = Annotated[int | Fraction, Between(-20, 20)]

GRID_STEPS = 30
"""Steps of the coarsest heat map that the question allows, along either axis."""

CONTOURS = (0.3, 0.35, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 14, 20, 30, 40, 60, 100, 200, 400, 1000, 4000)


@dataclass(frozen=True, slots=True)
class Parameters:
    """One set of parameters: the intercept and the slope parameter."""

    phi_0: Coefficient
    phi_1: Coefficient

    @property
    def crossing(self) -> Fraction:
        """Where the curve is 1/2."""
        return -Fraction(self.phi_0) / self.phi_1


@exercise(title="The loss of logistic regression", source=("B8",))
@dataclass(frozen=True, slots=True)
class LogisticRegressionLoss(Exercise):
    """Parameter sets whose curves are sketched, and a sample of two classes.

    ``letter`` names the parameters; ``reduction`` says whether the loss is the sum or the mean over the examples.
    """

    curves: Annotated[tuple[Parameters, ...], Length(2, 5)]
    class_0: Annotated[tuple[Input, ...], Length(2, 20)]
    class_1: Annotated[tuple[Input, ...], Length(2, 20)]
    letter: Letter
    reduction: Reduction

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        places = 2 if level == "hard" else 1
        return cls(
            curves=d.given("curves", lambda: _curves(d, level)),
            class_0=d.given("class_0", lambda: _sample(d, -1, places)),
            class_1=d.given("class_1", lambda: _sample(d, 1, places)),
            letter=d.given("letter", lambda: d.pick(LETTERS)),
            reduction=d.given("reduction", lambda: "sum" if level == "easy" else d.pick(("sum", "mean"))),
        )

    @property
    def inputs(self) -> tuple[float, ...]:
        """The inputs of the sample, class 0 first."""
        return tuple(map(float, self.class_0 + self.class_1))

    @property
    def labels(self) -> tuple[int, ...]:
        """The labels of the sample, in the order of the inputs."""
        return (0,) * len(self.class_0) + (1,) * len(self.class_1)

    @property
    def minimum(self) -> logistic.Parameters:
        """Where the loss of the sample is least."""
        found = _minimum(self.inputs, self.labels)
        if found is None:
            raise ValueError("a loss without a minimum is refused by a condition")
        return found

    @property
    def window(self) -> tuple[int, int, int, int]:
        """The range of the heat map: lowest and highest intercept, lowest and highest slope parameter.

        The ranges of drawn samples are all the same, so that they do not give the minimum away.
        """
        intercept, slope = self.minimum
        size = 1
        while abs(intercept) > 2.5 * size or abs(slope) > 4.5 * size:
            size *= 2
        low, high = (-size, 5 * size) if slope > -size / 2 else (-5 * size, size)
        return -3 * size, 3 * size, low, high

    def scaled(self, total: float) -> float:
        """A sum over the sample as the sum or the mean, whichever the loss takes."""
        return total / len(self.labels) if self.reduction == "mean" else total

    def conditions(self) -> Iterable[Condition]:
        yield must("no curve is flat: phi_1 is not 0", all(curve.phi_1 for curve in self.curves))
        crossings = [curve.crossing for curve in self.curves]
        yield must("every curve crosses 1/2 between -20 and 20", all(abs(crossing) <= 20 for crossing in crossings))
        yield must("no two sets of parameters are the same", len(set(self.curves)) == len(self.curves))
        yield must(
            "the classes overlap: a sample that a threshold separates has a loss without a minimum",
            logistic.overlapping(self.inputs, self.labels),
        )
        found = _minimum(self.inputs, self.labels)
        yield must(
            "the minimum of the loss lies between -100 and 100 in both parameters",
            found is not None and max(map(abs, found)) <= 100,
        )
        gaps = [after - before for before, after in pairwise(sorted(crossings))]
        yield wanted("the curves cross 1/2 at points that are at least 3/4 apart", min(gaps) >= Fraction(3, 4))
        yield wanted("no curve crosses 1/2 at 0 or beyond 4", all(crossings) and max(map(abs, crossings)) <= 4)
        yield wanted("the slopes are not all the same", len({curve.phi_1 for curve in self.curves}) > 1)
        intercept, slope = self.minimum
        yield wanted("the minimum of the loss is well inside the heat map", abs(intercept) <= 2 and 0.5 <= slope <= 4)
        nearest = _grid_minimum(self)
        step = (self.window[1] - self.window[0]) / GRID_STEPS
        yield wanted(
            "the least value on the grid is within one step of the minimum",
            all(abs(a - b) <= step for a, b in zip(nearest, self.minimum, strict=True)),
        )

    def solve(self) -> Solution:
        steps, texts = symbolic_steps(self.letter, self.reduction), shown(self.letter, self.reduction)
        gradient = tuple(entry.expression for entry in steps["gradient"])
        return Solution(
            parts=(
                Part("a1", "derivation", None, 4),
                self._table(),
                Part("a3", "figure", None, 3, space=Space("none")),
                Part("b", "expression", steps["loss"].expression, 3, tex=f"L = {texts['loss']}"),
                Part("c", "expression", gradient, 4, tex=texts["gradient"]),
                Part(
                    "d",
                    "figure",
                    None,
                    4,
                    work=self._minimum_numbers(),
                    space=Space("boxes", rows=1, names=(*names(self.letter), "L")),
                ),
                Part("e", "derivation", None, 5, work=self._two_inputs()),
            ),
            work={
                "names": names(self.letter),
                "steps": texts,
                "n": len(self.labels),
                "window": self.window,
                "step": Decimal(self.window[1] - self.window[0]) / GRID_STEPS,
            },
        )

    def _table(self) -> Part:
        """The crossing and the slope of every curve."""
        first, second = names(self.letter)
        lines = tuple(
            (
                line(f"c_{{{k}}}", -(num(curve.phi_0) / curve.phi_1), rf"-\frac{{{first}}}{{{second}}}"),
                line(f"m_{{{k}}}", num(curve.phi_1) / 4, rf"\frac{{{second}}}{{4}}"),
            )
            for k, curve in enumerate(self.curves, 1)
        )
        answer = _named(tuple((crossing.result, slope.result) for crossing, slope in lines))
        shown = r", \quad ".join(f"{name} = {tex(value)}" for name, value in answer.items())
        return Part("a2", "table", answer, len(lines), work={"lines": lines}, tex=shown)

    def _minimum_numbers(self) -> Mapping[str, Value]:
        least = self.scaled(logistic.loss(self.minimum, self.inputs, self.labels))
        return {"minimum": tuple(map(_decimal, self.minimum)), "least": _decimal(least)}

    def _two_inputs(self) -> Mapping[str, Value]:
        first = self.class_0[0]
        return {"inputs": (first, next(x for x in self.class_0 + self.class_1 if x != first))}

    def check(self, solution: Solution) -> Iterable[Check]:
        yield agree("a2", "bisection and a central difference", solution["a2"].answer, self._measured(), tolerance=1e-5)
        reach = max(1.0, *map(abs, self.inputs))
        points = [(0.3, -0.7 / reach), (-0.9, 0.4 / reach), (0.2, 1.3 / reach)]
        exact = [_evaluated(solution["b"].answer, self, point) for point in points]
        direct = [self._direct_loss(point) for point in points]
        yield agree("b", "minus the logarithm of the Bernoulli probabilities", exact, direct)
        gradients = [[_evaluated(entry, self, point) for entry in solution["c"].answer] for point in points]
        differences = [self._differences(point, reach) for point in points]
        yield agree("c", "central differences of the loss", gradients, differences, tolerance=1e-5)
        printed, least = solution["d"].work["minimum"], solution["d"].work["least"]
        minimum = float(printed[0]), float(printed[1])
        at_minimum = self._differences(minimum, reach)
        yield agree("d", "central differences vanish at the minimum", (0, 0), at_minimum, tolerance=1e-4)
        route = "minus the logarithm of the Bernoulli probabilities, at the minimum"
        yield agree("d", route, least, self._direct_loss(minimum), tolerance=1e-6)
        hessian = [[self.scaled(entry) for entry in row] for row in logistic.hessian(minimum, self.inputs)]
        found = self._second_differences(minimum, reach)
        yield agree("e", "second differences of the loss at the minimum", hessian, found, tolerance=1e-3)

    def _measured(self) -> Mapping[str, float]:
        """Crossings and slopes found on the curves themselves."""
        found: dict[str, float] = {}
        for k, curve in enumerate(self.curves, 1):
            intercept, slope = float(curve.phi_0), float(curve.phi_1)

            def height(x: float, intercept: float = intercept, slope: float = slope) -> float:
                return 1 / (1 + exp(-max(-500.0, min(500.0, intercept + slope * x))))

            low, high = (-21.0, 21.0) if slope > 0 else (21.0, -21.0)
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if height(middle) < 0.5 else (low, middle)
            found |= {f"c_{k}": low, f"m_{k}": (height(low + 1e-4) - height(low - 1e-4)) / 2e-4}
        return found

    def _direct_loss(self, parameters: logistic.Parameters) -> float:
        """The negative log-likelihood straight from the probabilities of the labels."""
        import numpy as np

        p = 1 / (1 + np.exp(-(parameters[0] + parameters[1] * np.array(self.inputs))))
        losses = -np.log(np.concatenate([1 - p[: len(self.class_0)], p[len(self.class_0) :]]))
        return float(losses.mean() if self.reduction == "mean" else losses.sum())

    def _differences(self, parameters: logistic.Parameters, reach: float) -> tuple[float, float]:
        """The gradient of the loss by central differences."""
        (a, b), h = parameters, 1e-4 / reach
        return (
            (self._direct_loss((a + h, b)) - self._direct_loss((a - h, b))) / (2 * h),
            (self._direct_loss((a, b + h)) - self._direct_loss((a, b - h))) / (2 * h),
        )

    def _second_differences(self, parameters: logistic.Parameters, reach: float) -> tuple[tuple[float, float], ...]:
        """The Hessian of the loss by differences of its differences."""
        (a, b), h = parameters, 1e-3 / reach
        up, down = (self._differences((a + step, b), reach) for step in (h, -h))
        right, left = (self._differences((a, b + step), reach) for step in (h, -h))
        return (
            ((up[0] - down[0]) / (2 * h), (up[1] - down[1]) / (2 * h)),
            ((right[0] - left[0]) / (2 * h), (right[1] - left[1]) / (2 * h)),
        )

    def slips(self) -> Iterable[Slip]:
        right = [(curve.crossing, Fraction(curve.phi_1) / 4) for curve in self.curves]
        without_minus = _named(tuple((-crossing, slope) for crossing, slope in right))
        yield Slip("a2", "minus sign of the crossing lost", without_minus, apart=True)
        full_slope = _named(tuple((crossing, 4 * slope) for crossing, slope in right))
        yield Slip("a2", "slope parameter taken for the slope", full_slope, apart=True)
        if all(curve.phi_0 for curve in self.curves):
            inverted = _named(tuple((1 / crossing, slope) for crossing, slope in right))
            yield Slip("a2", "crossing turned upside down", inverted, apart=True)
        steps = symbolic_steps(self.letter, self.reduction)
        uphill, half = steps["wrong_losses"]
        for name, loss in (
            ("log-likelihood without the minus sign", uphill),
            ("only the examples of class 1 counted", half),
        ):
            yield Slip("b", name, loss.expression, apart=True, tex=f"L = {loss.tex}")
        turned, no_input = steps["wrong_gradients"]
        for name, gradient in (
            ("label minus probability (wrong sign)", turned),
            ("inner derivative $x_i$ forgotten", no_input),
        ):
            value = tuple(entry.expression for entry in gradient)
            yield Slip("c", name, value, apart=True, tex=gradient_tex(self.letter, gradient))

    def pattern(self) -> str:
        """Whether the loss is the sum or the mean."""
        return f"loss={self.reduction}"

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        del solution  # the figures show the given values and the minimum, which the exercise knows itself
        # Drawn curves all get the same axes, which tell nothing about their crossings.
        reach = max(6, *(ceil(abs(curve.crossing)) + 2 for curve in self.curves))
        return {
            "axes": plot_figure(
                [],
                x_range=(-reach, reach),
                y_range=(0, 1),
                description="Empty axes: the input across, the probability of class 1 upwards.",
                y_label=r"\Pr(y = 1 \mid x)",
                grid=True,
            ),
            "curves": self._curves_figure(reach),
            "heat-map": self._heat_map(),
        }

    def _curves_figure(self, reach: int) -> Figure:
        xs = [reach * (k / 100 - 1) for k in range(201)]
        curves = [
            PlotCurve(
                [(x, logistic.sigmoid(float(curve.phi_0) + float(curve.phi_1) * x)) for x in xs],
                rf"\text{{set }}{k}",
            )
            for k, curve in enumerate(self.curves, 1)
        ]
        return plot_figure(
            curves,
            x_range=(-reach, reach),
            y_range=(0, 1),
            description="The curves of all sets, with their crossings marked.",
            y_label=r"\Pr(y = 1 \mid x)",
            marks=[Mark(float(curve.crossing), 0.5, f"c_{{{k}}}") for k, curve in enumerate(self.curves, 1)],
            grid=True,
            legend=True,
        )

    def _heat_map(self) -> Figure:
        left, right, low, high = self.window
        values = _losses(self, 2 * GRID_STEPS)
        least, most = min(map(min, values)), max(map(max, values))
        first, second = names(self.letter)
        return heatmap_figure(
            values,
            x_range=(left, right),
            y_range=(low, high),
            description="The loss of the sample over both parameters.",
            x_label=first,
            y_label=second,
            contours=[level for level in CONTOURS if 1.02 * least < level < most],
            minimum=self.minimum,
            minimum_label=r"\text{minimum}",
        )


def _sample(d: Draw, mean: int, places: int) -> tuple[Decimal, ...]:
    """Ten inputs of one class in ascending order."""
    # Adding 0 turns -0.0, which a small negative value is rounded to, into 0.0.
    return tuple(sorted(d.normal(mean, 1, places) + 0 for _ in range(10)))


def _curves(d: Draw, level: Level) -> tuple[Parameters, ...]:
    """A first set, then one parameter changed at a time, then (hard) both."""
    whole: tuple[int | Fraction, ...] = (1, 2, 3, 4)
    slopes = (*whole, Fraction(1, 2), Fraction(3, 2)) if level == "hard" else whole
    slope, other = d.sample(slopes, 2)
    crossing, shifted, third = d.sample([Fraction(k, 2) for k in range(-6, 7) if k], 3)
    other *= d.pick((1, -1)) if level == "medium" else 1
    first = _parameters(crossing, slope)
    if level == "easy":
        return first, _parameters(shifted, other)
    sets = (first, _parameters(shifted, slope), Parameters(first.phi_0, other))
    return sets if level == "medium" else (*sets, _parameters(third, -d.pick(slopes)))


def _parameters(crossing: Fraction, slope: int | Fraction) -> Parameters:
    intercept = -crossing * slope
    return Parameters(intercept.numerator if intercept.denominator == 1 else intercept, slope)


def _named(pairs: tuple[tuple[Any, Any], ...]) -> dict[str, Any]:
    """Crossing and slope of every curve under the names of the question."""
    return {f"{name}_{k}": value for k, pair in enumerate(pairs, 1) for name, value in zip("cm", pair, strict=True)}


def _decimal(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def _evaluated(expression: Any, q: LogisticRegressionLoss, parameters: logistic.Parameters) -> float:
    """A reduced expression at some parameters, on the sample."""
    import numpy as np

    inputs, labels = np.array(q.inputs), np.array(q.labels)
    return float(np.sum(per_example(expression, q.letter)(*parameters, inputs, labels, len(labels))))


@lru_cache(maxsize=8)
def _minimum(inputs: tuple[float, ...], labels: tuple[int, ...]) -> logistic.Parameters | None:
    """Kept for the few places that ask for it while one instance is made."""
    return logistic.minimum(inputs, labels)


def _losses(q: LogisticRegressionLoss, steps: int) -> tuple[tuple[float, ...], ...]:
    left, right, low, high = q.window
    intercepts = [left + (right - left) * k / steps for k in range(steps + 1)]
    slopes = [low + (high - low) * k / steps for k in range(steps + 1)]
    grid = logistic.loss_grid(q.inputs, q.labels, intercepts, slopes)
    return tuple(tuple(q.scaled(value) for value in row) for row in grid)


def _grid_minimum(q: LogisticRegressionLoss) -> tuple[float, float]:
    """The point of the coarsest allowed heat map at which the loss is least."""
    left, right, low, high = q.window
    rows = _losses(q, GRID_STEPS)
    _, j, i = min((value, j, i) for j, row in enumerate(rows) for i, value in enumerate(row))
    return left + (right - left) * i / GRID_STEPS, low + (high - low) * j / GRID_STEPS
