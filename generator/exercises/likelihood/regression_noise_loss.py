"""The loss of a regression that follows from the density of its noise by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log, log, normal_form, symbolic
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises.likelihood._small_residuals import (
    Real,
    draw_outputs,
    draw_scales,
    draw_weights,
    exp_of_sum,
)
from generator.exercises.likelihood._small_samples import exact_root
from generator.notation import Value
from generator.solver.likelihood import Terms
from generator.solver.noise import SCALE_NAMES, Noise, NoiseLoss, log_density, noise_loss, plain_loss
from generator.solver.single_logarithm import single
from generator.working import Line, Sum, Term, apply, line, num, product, total

ScaleKind = Literal["number", "shared", "own"]
Setup = tuple[Noise, ScaleKind]
SETUPS: Mapping[Level, tuple[Setup, ...]] = {
    "easy": (("laplace", "number"), ("normal", "number"), ("laplace", "shared"), ("normal", "shared")),
    "medium": (
        ("laplace", "number"),
        ("laplace", "shared"),
        ("normal", "shared"),
        ("generalised-normal", "number"),
        ("generalised-normal", "shared"),
    ),
    "hard": (("laplace", "own"), ("normal", "own"), ("logistic", "number")),
}
SIZES: Mapping[Level, tuple[int, int]] = {"easy": (2, 1), "medium": (3, 2), "hard": (3, 2)}  # observations, inputs
Small = Annotated[int, Between(-100, 100)]


@exercise(title="From the noise of a regression to its loss", source=("A1",))
@dataclass(frozen=True, slots=True)
class RegressionNoiseLoss(Exercise):
    """A noise density, and a small training set with weights at which the loss is worked out.

    ``scale``: a number, one unknown symbol shared by all observations, or one known number for each; ``scales`` has
    one, no, or as many entries. ``power`` is that of the generalised normal density, and 2 for the other ones.
    ``weights`` has one entry per input and, last, the one of the constant 1.
    """

    noise: Noise
    power: Annotated[int, Between(2, 8)]
    scale: ScaleKind
    scales: Annotated[tuple[Annotated[int, Between(1, 100)], ...], Length(0, 8)]
    inputs: Annotated[tuple[Annotated[tuple[Small, ...], Length(1, 3)], ...], Length(2, 8)]
    outputs: Annotated[tuple[Real, ...], Length(2, 8)]
    weights: Annotated[tuple[Real, ...], Length(2, 4)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        setups = [
            (noise, scale)
            for noise, scale in SETUPS[level]
            if d.pins.get("noise", noise) == noise and d.pins.get("scale", scale) == scale
        ]
        noise, scale = d.pick(setups) if setups else d.pick(SETUPS[level])
        noise, scale = d.given("noise", lambda: noise), d.given("scale", lambda: scale)
        count, width = SIZES[level]
        pinned = d.pins.get("inputs") or d.pins.get("outputs")
        count = len(pinned) if isinstance(pinned, tuple) else count
        width = 1 if noise == "logistic" else width
        width = len(d.pins["weights"]) - 1 if "weights" in d.pins else width  # type: ignore[arg-type]  # a tuple
        numbers: Mapping[ScaleKind, int] = {"number": 1, "shared": 0, "own": count}
        inputs = d.given("inputs", lambda: tuple(d.integers(width, -2, 3) for _ in range(count)))
        weights = d.given("weights", lambda: draw_weights(d, noise, len(inputs[0])))
        scales = d.given("scales", lambda: draw_scales(d, noise, numbers[scale]))
        return cls(
            noise=noise,
            power=d.given("power", lambda: 4 if noise == "generalised-normal" else 2),
            scale=scale,
            scales=scales,
            inputs=inputs,
            outputs=d.given("outputs", lambda: draw_outputs(d, noise, inputs, weights, scales)),
            weights=weights,
        )

    @property
    def steps(self) -> NoiseLoss:
        """The symbolic steps from the density to the loss."""
        return noise_loss(self.noise, self.power, self.scales[0] if self.scale == "number" else self.scale)

    @property
    def rational(self) -> bool:
        """Whether all numbers are to be fractions; the logistic loss needs logarithms to be exact."""
        return self.noise != "logistic"

    def own_scale(self, i: int) -> int:
        """The scale of an observation (1 where one symbol is shared, which does not matter to the loss)."""
        return self.scales[i if self.scale == "own" else 0] if self.scales else 1

    def conditions(self) -> Iterable[Condition]:
        numbers: Mapping[ScaleKind, int] = {"number": 1, "shared": 0, "own": len(self.inputs)}
        text = f"'scales' has {numbers[self.scale]} entries for the scale {self.scale!r}"
        yield must(text, len(self.scales) == numbers[self.scale])
        even = self.power % 2 == 0 and self.power >= 4 if self.noise == "generalised-normal" else self.power == 2
        yield must("the power is even and at least 4 for generalised normal noise, and 2 for any other", even)
        yield must("every input has an output", len(self.inputs) == len(self.outputs))
        width = len(self.weights) - 1
        yield must("there is a weight for every input and one more", all(len(row) == width for row in self.inputs))
        numbers_used = (*self.outputs, *self.weights)
        kind_text = "outputs and weights are " + ("fractions" if self.rational else "logarithms such as log(3), or 0")
        fitting = all(
            isinstance(v, int | Fraction) if self.rational else isinstance(v, Log) or v == 0 for v in numbers_used
        )
        yield must(f"for {self.noise} noise {kind_text}", fitting)
        yield must("the loss of logistic noise has a number for its scale", self.rational or self.scale != "shared")
        if not self.rational:
            ratios = [_ratio(self, i) for i in range(len(self.inputs))]
            exact = None not in ratios
            yield must("every residual divided by its scale is the logarithm of a fraction", exact)
            sizes = {max(ratio, 1 / ratio) for ratio in ratios if ratio is not None}
            yield wanted("the observations do not all contribute the same", len(sizes) > 1)
        residuals = [_residual(self, i) for i in range(len(self.inputs))]
        yield must("no residual is larger than 100", all(abs(float(value)) <= 100 for value in residuals))
        yield wanted("no residual is 0", 0 not in residuals)
        yield wanted("the residuals differ", len(set(residuals)) == len(residuals))
        yield wanted("the inputs differ", len(set(self.inputs)) == len(self.inputs))
        yield wanted("no observation has nothing but zeros for inputs", all(map(any, self.inputs)))
        yield wanted("no weight is 0", 0 not in self.weights)
        yield wanted("no output is 0", self.rational or 0 not in self.outputs)
        if self.rational:
            yield wanted("some residual is negative", min(residuals) < 0)
            yield wanted("some residual has a size other than 1", any(abs(value) != 1 for value in residuals))
        if self.scale == "own":
            yield wanted("the scales differ", len(set(self.scales)) == len(self.scales))
            yield wanted("the loss is a simple number", not self.rational or Fraction(_loss(self)).denominator <= 12)

    def solve(self) -> Solution:
        steps, lines = self.steps, loss_lines(self)
        work = {"residuals": lines[: len(self.inputs)], "lines": lines[len(self.inputs) :]}
        explicit = _explicit(self.steps, len(self.inputs[0]))
        return Solution(
            (
                Part("a", "expression", explicit[0], 3, tex=steps.objective.tex),
                Part("b", "expression", explicit[1], 3, tex=steps.loss.tex),
                Part("c", "number", lines[-1].result, 2, work=work, extra_effort=self._unwritten_effort()),
            ),
            work={
                "steps": steps,
                "scale_name": _scale_tex(self.noise),
                "prediction": Terms(_prediction(len(self.weights) - 1)),
            },
        )

    def _unwritten_effort(self) -> Mapping[str, int]:
        """Putting logarithms together is a multiplication of what is inside them."""
        return {"multiplications": 0 if self.rational else 2 * len(self.inputs)}

    def check(self, solution: Solution) -> Iterable[Check]:
        start = [float(weight) for weight in self.weights]
        largest = max(1, *(abs(x) for row in self.inputs for x in row))
        # Four points in general position: sums of absolute values can be flat along a line.
        tried = [[w + math.cos(3 * t + 2 * k) * t * t / largest for k, w in enumerate(start)] for t in range(4)]
        found = [self._negative_log_likelihood(weights) for weights in tried]
        summed = tuple(self._evaluated(solution["a"].answer, weights) for weights in tried)
        yield agree("a", "the negative logarithms of the densities added up", summed, tuple(found))
        losses = [self._evaluated(solution["b"].answer, weights) for weights in tried]
        route = "differences of the loss between weights are proportional to those of the negative log-likelihood"
        far = max(range(len(tried)), key=lambda k: abs(found[k] - found[0]))
        spread = found[far] - found[0]
        factor = (losses[far] - losses[0]) / spread if abs(spread) > 1e-9 else 1.0
        yield agree("b", route, tuple(losses), tuple(losses[0] + factor * (value - found[0]) for value in found))
        yield agree("b", "the factor of proportion is positive", 1, math.copysign(1.0, factor))
        # The loss itself, once more from scratch: without the constants and the factor that the question has dropped.
        plain = tuple(self._plain_loss(weights) for weights in tried)
        yield agree("b", "the loss in floating point", tuple(losses), plain)
        yield agree("c", "the loss in floating point", solution["c"].answer, self._plain_loss(start))

    def _gaps(self, weights: Sequence[float]) -> list[float]:
        return [
            float(y) - math.fsum(w * x for w, x in zip(weights, (*row, 1), strict=True))
            for row, y in zip(self.inputs, self.outputs, strict=True)
        ]

    def _float_scales(self) -> list[float]:
        shared = 1.7  # some positive number: the loss must not depend on it
        return [float(self.own_scale(i)) if self.scales else shared for i in range(len(self.inputs))]

    def _negative_log_likelihood(self, weights: Sequence[float]) -> float:
        pairs = zip(self._gaps(weights), self._float_scales(), strict=True)
        return -math.fsum(log_density(self.noise, self.power, gap, scale) for gap, scale in pairs)

    def _plain_loss(self, weights: Sequence[float]) -> float:
        scales = self._float_scales() if self.scale == "own" or not self.rational else [1.0] * len(self.inputs)
        return math.fsum(
            plain_loss(self.noise, self.power, gap / scale)
            for gap, scale in zip(self._gaps(weights), scales, strict=True)
        )

    def _evaluated(self, expression: Value, weights: Sequence[float]) -> float:
        """An answer at the training set, the scales and some weights."""
        import sympy

        from generator.solver.sample_sums import SIZE, evaluate

        name, scales = SCALE_NAMES[self.noise], self._float_scales()
        values: dict[Any, Any] = {SIZE: len(self.inputs), sympy.Symbol(name): scales[0]}
        values |= {sympy.Symbol(f"w_{k}"): weight for k, weight in enumerate(weights, 1)}
        for i, (row, y) in enumerate(zip(self.inputs, self.outputs, strict=True), 1):
            values |= {sympy.Function("y")(i): float(y), sympy.Function(name)(i): scales[i - 1]}
            values |= {name: float(x) for name, x in zip(_inputs(i, len(row)), row, strict=True)}
        return float(evaluate(expression, values))

    def pattern(self) -> str:
        return f"noise={self.noise}, scale={self.scale}"

    def slips(self) -> Iterable[Slip]:
        yield from _expression_slips(self.steps, self.noise, len(self.inputs[0]))
        if not self.rational:
            squares = _sum_of_squares(self)
            yield Slip("c", "squared residuals", squares.value(), apart=True, tex=squares.tex())
            return
        gaps = [Fraction(_residual(self, i)) for i in range(len(self.inputs))]
        scales = [self.own_scale(i) if self.scale == "own" else 1 for i in range(len(gaps))]
        loss = Fraction(_loss(self))
        if self.noise != "normal":
            yield Slip("c", "squared residuals", sum(gap**2 for gap in gaps), apart=True)
        if self.noise != "laplace":
            yield Slip("c", "absolute residuals", sum(abs(gap) for gap in gaps), apart=True)
        if self.noise == "laplace":
            pairs = zip(gaps, scales, strict=True)
            yield Slip("c", "absolute values left out", sum(gap / scale for gap, scale in pairs), apart=True)
        if self.scale == "own":
            yield Slip("c", "scales left out", sum(abs(gap) ** _exponent(self) for gap in gaps), apart=True)
        yield Slip("c", "mean in place of the sum", loss / len(gaps))
        without = [gap + Fraction(self.weights[-1]) for gap in gaps]  # type: ignore[arg-type]  # rational by a condition
        yield Slip(
            "c",
            "constant 1 of the input forgotten",
            sum((abs(gap) / scale) ** _exponent(self) for gap, scale in zip(without, scales, strict=True)),
            apart=True,
        )


def _argument(value: Real) -> Fraction:
    return value.argument if isinstance(value, Log) else Fraction(1)


def _residual(q: RegressionNoiseLoss, i: int) -> Value:
    pairs = list(zip(q.weights, (*q.inputs[i], 1), strict=True))
    if not q.rational:
        return log(_argument(q.outputs[i]) / exp_of_sum(pairs))
    predicted = sum(Fraction(weight) * x for weight, x in pairs if isinstance(weight, int | Fraction))
    return normal_form(Fraction(q.outputs[i]) - predicted)  # type: ignore[arg-type]  # rational by a condition


def _ratio(q: RegressionNoiseLoss, i: int) -> Fraction | None:
    """exp(r_i / s_i), where it is a fraction."""
    return exact_root(_argument(_residual(q, i)), q.own_scale(i))


def _exponent(q: RegressionNoiseLoss) -> int:
    return 1 if q.noise == "laplace" else q.power


def _loss(q: RegressionNoiseLoss) -> Value:
    return loss_lines(q)[-1].result


@lru_cache(maxsize=512)
def loss_lines(q: RegressionNoiseLoss) -> tuple[Line, ...]:
    """The residuals, what each contributes where that is more than a power, and the loss."""
    residuals = tuple(_residual_line(q, i) for i in range(len(q.inputs)))
    if not q.rational:
        return (*residuals, *_logistic_lines(q, residuals))
    terms = [_term(q, entry.result, i) for i, entry in enumerate(residuals)]
    return (*residuals, line(r"L(\mathbf{w})", total(terms)))


def _residual_line(q: RegressionNoiseLoss, i: int) -> Line:
    left, formula = f"r_{{{i + 1}}}", rf"y_{{{i + 1}}} - \mathbf{{w}}^{{\top}} \bar{{\mathbf{{x}}}}_{{{i + 1}}}"
    products: list[Term] = [product([weight, x]) for weight, x in zip(q.weights, q.inputs[i], strict=False)]
    predicted = Sum((*products, num(q.weights[-1])))
    return line(left, single(num(q.outputs[i]) - predicted), formula)


def _summand(q: RegressionNoiseLoss, i: int) -> Value:
    """What one observation contributes to the loss, in its residual and its scale."""
    import sympy

    from generator.solver.sample_sums import INDEX

    return q.steps.summand.xreplace({INDEX: sympy.Integer(i + 1)})


def _term(q: RegressionNoiseLoss, residual: Value, i: int) -> Term:
    """The same in numbers."""
    import sympy

    from generator.solver.substitution import term

    scale = sympy.Function(SCALE_NAMES[q.noise])(i + 1)
    return term(_summand(q, i), {sympy.Function("r")(i + 1): residual, scale: q.own_scale(i)})


def _logistic_lines(q: RegressionNoiseLoss, residuals: tuple[Line, ...]) -> Iterable[Line]:
    from generator.solver.formula_tex import tex

    contributions = []
    for i, entry in enumerate(residuals):
        ratio, scale = _ratio(q, i), q.own_scale(i)
        assert ratio is not None
        divided = num(entry.result) if scale == 1 else num(entry.result) / scale
        work = divided + num(2) * apply("ln", num(1) + normal_form(1 / ratio))
        contributions.append(line(f"L_{{{i + 1}}}", single(work), tex(_summand(q, i))))
    yield from contributions
    yield line(r"L(\mathbf{w})", single(total(entry.result for entry in contributions)))


def _sum_of_squares(q: RegressionNoiseLoss) -> Term:
    return total(num(symbolic(_residual(q, i))) ** 2 for i in range(len(q.inputs)))


def _scale_tex(noise: Noise) -> str:
    return r"\sigma" if noise == "normal" else SCALE_NAMES[noise]


def _inputs(index: Value, width: int) -> list[Value]:
    """The inputs of an observation: x(i) for a single one, else x(i, 1), x(i, 2) and so on."""
    import sympy

    x = sympy.Function("x")
    return [x(index)] if width == 1 else [x(index, k) for k in range(1, width + 1)]


@lru_cache(maxsize=512)
def _explicit(steps: NoiseLoss, width: int) -> tuple[Value, Value]:
    """Objective and loss with the residuals written out in inputs, outputs and weights."""
    return _written_out(steps.objective.meaning, width), _written_out(steps.loss.meaning, width)


def _prediction(width: int) -> tuple[Value, ...]:
    """The terms of the prediction, for inputs x or x_1, x_2 and so on."""
    import sympy

    inputs = [sympy.Symbol("x")] if width == 1 else sympy.symbols(f"x_1:{width + 1}")
    return tuple(w * x for w, x in zip(sympy.symbols(f"w_1:{width + 2}"), (*inputs, 1), strict=True))


def _written_out(expression: Value, width: int) -> Value:
    import sympy

    from generator.solver.sample_sums import INDEX

    inputs = [sympy.Symbol("x")] if width == 1 else sympy.symbols(f"x_1:{width + 1}")
    predicted = sympy.Add(*_prediction(width)).xreplace(dict(zip(inputs, _inputs(INDEX, width), strict=True)))
    return expression.xreplace({sympy.Function("r")(INDEX): sympy.Function("y")(INDEX) - predicted})


@lru_cache(maxsize=512)
def _expression_slips(steps: NoiseLoss, noise: Noise, width: int) -> tuple[Slip, ...]:
    """Wrong objectives and losses; on paper they stand in residuals, as the right ones do."""
    import sympy

    from generator.solver.sample_sums import INDEX, for_one, over_sample

    residual = sympy.Function("r")(INDEX)
    squares, sizes = (over_sample(size, keep=residual) for size in (residual**2, sympy.Abs(residual)))
    objective, loss = steps.objective.terms, steps.loss.meaning
    counted_once = tuple(for_one(term) for term in objective)
    wrong: list[tuple[str, str, tuple[Value, ...]]] = [
        ("a", "log-likelihood minimised in place of its negative", tuple(-term for term in objective)),
        ("b", "sign lost: a loss to be maximised", (-loss,)),
    ]
    if counted_once != objective:
        wrong.append(("a", "$n$ forgotten: constant terms counted once", counted_once))
    if squares != loss:
        wrong.append(("b", "scales left out" if noise == "normal" else "squared error out of habit", (squares,)))
    if sizes != loss:
        wrong.append(("b", "scales left out" if noise == "laplace" else "absolute error", (sizes,)))
    return tuple(
        Slip(part, name, _written_out(Terms(terms).meaning, width), apart=True, tex=Terms(terms).tex)
        for part, name, terms in wrong
    )
