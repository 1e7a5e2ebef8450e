"""The penalty that a prior of the parameters becomes in maximum-a-posteriori estimation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

import numpy as np

from generator.draw import Draw, Level
from generator.exact import normal_form, symbolic
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
from generator.notation import Value
from generator.solver.likelihood import Terms
from generator.solver.prior import Objective, Penalty, Prior, adjugate, in_coefficients, penalty_of
from generator.working import Line, line, num

PRIORS: Mapping[Level, tuple[tuple[Prior, int], ...]] = {  # with the number of parameters
    "easy": (("normal", 2), ("laplace", 2)),
    "medium": (("normal", 3), ("laplace", 3), ("normals", 3)),
    "hard": (("normals", 4), ("elastic-net", 3), ("correlated-normal", 2)),
}
ParameterName = Literal["phi", "theta", "w"]
Positive = Annotated[int | Fraction, Between(0, 1000)]
Spread = tuple[tuple[int | Fraction, ...], ...]
COVARIANCES: tuple[Spread, ...] = tuple(
    ((a, c), (c, b))
    for a in range(1, 6)
    for b in range(1, 6)
    for c in (-2, -1, 1, 2)
    if a != b and 2 <= a * b - c * c <= 6
)


@exercise(title="From a prior to a penalty", source=("B2",))
@dataclass(frozen=True, slots=True)
class MapPriorPenalty(Exercise):
    """A prior, and the numbers that set it: what a prior does not need is empty or null.

    With the objective "likelihood" the density of the observations is left open, and ``noise_variance`` is null.

    ``variances`` has one entry for all parameters, or one for each; ``width`` is the scale of a Laplace density.
    ``asked`` says which coefficient part (c) asks for: of which parameter (``normals``), or of the sum of absolute
    values (1) or of squares (2) (``elastic-net``); else it is 1. ``at`` is the point of part (d).
    """

    prior: Prior
    parameter: ParameterName
    objective: Objective
    noise_variance: Positive | None
    variances: Annotated[tuple[Positive, ...], Length(0, 6)]
    width: Positive | None
    covariance: Annotated[tuple[tuple[Annotated[int | Fraction, Between(-1000, 1000)], ...], ...], Length(0, 2)]
    asked: Annotated[int, Between(1, 6)]
    at: Annotated[tuple[Annotated[int, Between(-20, 20)], ...], Length(2, 6)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        options = PRIORS[level]
        prior = d.given("prior", lambda: d.pick(options)[0])
        size = len(d.pins["at"]) if "at" in d.pins else dict(options).get(prior, 2)  # type: ignore[arg-type]
        small: tuple[int | Fraction, ...] = (1, 2, 3, 4, 5, 6, Fraction(1, 2), Fraction(1, 3), Fraction(1, 4))
        counts: Mapping[Prior, int] = {"normal": 1, "elastic-net": 1, "normals": size}
        has_width, has_covariance = prior in ("laplace", "elastic-net"), prior == "correlated-normal"
        choices: Mapping[Prior, int] = {"normals": size, "elastic-net": 2}
        parameter: ParameterName = d.given("parameter", lambda: d.pick(("phi", "theta", "w")))
        objective: Objective = d.given("objective", lambda: "sum" if level == "easy" else d.pick(("sum", "half")))
        return cls(
            prior=prior,
            parameter=parameter,
            objective=objective,
            noise_variance=d.given("noise_variance", lambda: None if objective == "likelihood" else d.integer(2, 12)),
            variances=d.given("variances", lambda: d.sample(small, counts.get(prior, 0))),
            width=d.given("width", lambda: d.pick(small) if has_width else None),
            covariance=d.given("covariance", lambda: d.pick(COVARIANCES) if has_covariance else ()),
            asked=d.given("asked", lambda: d.integer(1, choices.get(prior, 1))),
            at=d.given("at", lambda: tuple(d.nonzero(-3, 3) for _ in range(size))),
        )

    @property
    def _noise(self) -> int | Fraction:
        """The noise variance; where the noise is left open, it does not matter and is taken for 1."""
        return 1 if self.noise_variance is None else self.noise_variance

    @property
    def size(self) -> int:
        """The number of parameters."""
        return len(self.at)

    @property
    def steps(self) -> Penalty:
        """The symbolic steps from the prior to the penalty."""
        return penalty_of(self.prior, self.parameter, self.objective)

    @property
    def weights(self) -> tuple[int | Fraction, ...]:
        """The coefficients of the penalty, in the order in which it is written.

        One for all parameters, one for each, one for absolute values and one for squares, or, for the correlated
        prior, those of the first square, of the product, and of the second square.
        """
        return tuple(entry.result for entry in weight_lines(self))

    def conditions(self) -> Iterable[Condition]:
        yield must(*self._noise_fits())
        independent = self.prior != "correlated-normal" or self.objective != "likelihood"
        yield must("the objective 'likelihood' has a prior of independent parameters", independent)
        yield must(*self._variances_fit())
        has_width = self.prior in ("laplace", "elastic-net")
        text = "'width' is a positive number for the priors laplace and elastic-net, and null for the others"
        yield must(text, (self.width or 0) > 0 if has_width else self.width is None)
        yield must(*self._covariance_fits())
        choices: Mapping[Prior, int] = {"normals": self.size, "elastic-net": 2}
        largest = choices.get(self.prior, 1)
        yield must(f"'asked' is at most {largest} for the prior {self.prior!r}", self.asked <= largest)
        simple = all(Fraction(weight).denominator <= 2 and abs(Fraction(weight)) <= 24 for weight in self.weights)
        yield wanted("every coefficient is a simple number", simple)
        yield wanted("the penalty is a simple number", Fraction(_value_line(self).result).denominator <= 2)
        yield wanted("no coefficient is 1", 1 not in self.weights)
        yield wanted("no two coefficients are equal", len(set(self.weights)) == len(self.weights))
        yield wanted("the point has no zero", 0 not in self.at)
        yield wanted("the coordinates of the point differ in size", len(set(map(abs, self.at))) > 1)
        if self.prior == "laplace":
            yield wanted("the coordinates of the point have both signs", min(self.at) < 0 < max(self.at))

    def _noise_fits(self) -> tuple[str, bool]:
        if self.objective == "likelihood":
            return "with the objective 'likelihood' the noise variance is null", self.noise_variance is None
        return "the noise variance is positive", (self.noise_variance or 0) > 0

    def _variances_fit(self) -> tuple[str, bool]:
        counts: Mapping[Prior, int] = {"normal": 1, "elastic-net": 1, "normals": self.size}
        count = counts.get(self.prior, 0)
        text = f"'variances' has {count} positive entries for the prior {self.prior!r} of {self.size} parameters"
        return text, len(self.variances) == count and all(value > 0 for value in self.variances)

    def _covariance_fits(self) -> tuple[str, bool]:
        if self.prior != "correlated-normal":
            return f"the prior {self.prior!r} has no covariance matrix", not self.covariance
        text = "the correlated prior has two parameters and a positive definite covariance matrix of 2 x 2"
        rows = self.covariance
        shape = self.size == 2 and len(rows) == 2 and all(len(row) == 2 for row in rows)
        return text, shape and rows[0][1] == rows[1][0] and rows[0][0] > 0 and _determinant(rows) > 0

    def solve(self) -> Solution:
        steps, lines = self.steps, weight_lines(self)
        asked = _asked_line(self, lines)
        value = _value_line(self)
        needed = tuple(entry for entry in lines if entry is not asked) if len(lines) > 1 else ()
        return Solution(
            (
                Part("a", "derivation", None, 4),
                Part("b", "expression", steps.penalty.meaning, 2, tex=steps.penalty.tex),
                Part("c", "number", asked.result, 1, work=self._coefficient_work(asked)),
                Part("d", "number", value.result, 2, work={"lines": (*needed, value)}),
            ),
            work={"steps": steps, "parameter": _name(self)},
        )

    def _coefficient_work(self, asked: Line) -> Mapping[str, Value]:
        if self.prior == "normals":
            return {"line": asked, "general": _own_coefficient(self)}
        if self.prior != "correlated-normal":
            return {"line": asked}
        (a, c), (_, b) = self.covariance
        return {
            "line": asked,
            "determinant": line("D", num(a) * b - num(c) ** 2, r"C_{11} C_{22} - C_{12}^{2}"),
            "front": Terms((self.steps.coefficients[0],)),
            **_adjugate_work(self),
        }

    @property
    def inverse(self) -> tuple[tuple[int | Fraction, ...], ...]:
        """The inverse of the covariance matrix."""
        (a, c), (_, b) = self.covariance
        determinant = Fraction(_determinant(self.covariance))
        scaled = ((b / determinant, -c / determinant), (-c / determinant, a / determinant))
        return tuple(tuple(normal_form(entry) for entry in row) for row in scaled)

    def check(self, solution: Solution) -> Iterable[Check]:
        route = "differences of the log-posterior on made-up data"
        points = [_resized(point, self.size) for point in ((0.7, -1.3), (-2.1, 0.4), (1.6, 1.1))]
        found = tuple(penalty_found(self, point) for point in points)
        yield agree("b", route, tuple(self._evaluated(solution["b"].answer, point) for point in points), found)
        other = self._elsewhere()
        found = tuple(penalty_found(other, point) for point in points)
        yield agree("b", route, tuple(other._evaluated(solution["b"].answer, point) for point in points), found)
        yield agree("c", route, solution["c"].answer, self._coefficient_found(), tolerance=1e-7)
        yield agree("d", route, solution["d"].answer, penalty_found(self, self.at))

    def _elsewhere(self) -> Self:
        """The same prior with made-up constants: at small integers a wrong formula can be right, as 2 s for s^2."""
        return replace(
            self,
            noise_variance=None if self.noise_variance is None else Fraction(17, 10),
            variances=tuple(Fraction(7 + 6 * j, 5) for j in range(len(self.variances))),
            width=None if self.width is None else Fraction(13, 9),
        )

    def _coefficient_found(self) -> float:
        """The coefficient that part (c) asks for, from values of the penalty alone."""

        def at(*coordinates: float) -> float:
            return penalty_found(self, (*coordinates, *(0.0,) * (self.size - len(coordinates))))

        if self.prior == "normals":
            return at(*(0.0,) * (self.asked - 1), 1.0)
        if self.prior == "elastic-net":
            # a t + b t^2 at t = 1 and t = 2
            return (4 * at(1.0) - at(2.0)) / 2 if self.asked == 1 else (at(2.0) - 2 * at(1.0)) / 2
        if self.prior == "correlated-normal":
            return at(1.0, 1.0) - at(1.0, 0.0) - at(0.0, 1.0)
        return at(1.0)

    def _evaluated(self, expression: Value, point: Sequence[float]) -> float:
        """A penalty written in symbols, at the drawn constants and a point."""
        import sympy

        from generator.solver.sample_sums import evaluate

        phi = sympy.Function(self.parameter)
        sigma, tau, width, size = sympy.symbols("sigma tau b J")
        values: dict[Any, Any] = {phi(j): value for j, value in enumerate(point, 1)}
        values |= {size: len(point), sigma: math.sqrt(self._noise)}
        # Deviations, one for each parameter or one for all.
        values |= {sympy.Function("tau")(j): math.sqrt(value) for j, value in enumerate(self.variances, 1)}
        if len(self.variances) == 1:
            values[tau] = math.sqrt(self.variances[0])
        if self.width is not None:
            values[width] = float(self.width)
        if self.covariance:
            precision = sympy.Function("A")
            inverse = np.linalg.inv(np.array(self.covariance, dtype=float))
            values |= {precision(j + 1, k + 1): float(inverse[j, k]) for j in (0, 1) for k in (0, 1)}
        return float(evaluate(expression, values))

    def pattern(self) -> str:
        return f"prior={self.prior}, objective={self.objective}"

    def slips(self) -> Iterable[Slip]:
        yield from _expression_slips(self.prior, self.parameter, self.objective)
        for part, value in (("c", _asked_line(self, weight_lines(self)).result), ("d", _value_line(self).result)):
            exact = Fraction(value)
            yield Slip(part, "twice too large: a factor 1/2 lost", 2 * exact, apart=True)
            yield Slip(part, "half as large: a factor 2 lost", exact / 2, apart=True)
            if self.noise_variance not in (None, 1):
                yield Slip(part, "noise variance forgotten", exact / self._noise, apart=part == "c")
        if len(self.weights) == 1:
            name = "upside down" + ("" if self.noise_variance is None else ": prior over noise")
            yield Slip("c", name, 1 / Fraction(self.weights[0]), apart=True)
        if self.prior == "laplace":
            yield Slip("d", "signs kept in place of absolute values", sum(self.at) * Fraction(self.weights[0]))
        if self.prior == "correlated-normal":
            first, _, last = self.weights
            yield Slip("d", "product term left out", first * self.at[0] ** 2 + Fraction(last) * self.at[1] ** 2)
            factor = self._noise * (2 if self.objective == "sum" else 1)
            yield Slip("c", "covariance matrix not inverted", Fraction(factor * self.covariance[0][1]), apart=True)


def _name(q: MapPriorPenalty) -> str:
    return q.parameter if q.parameter == "w" else rf"\{q.parameter}"


def _determinant(rows: Spread) -> int | Fraction:
    return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]


def _resized(point: Sequence[float], size: int) -> tuple[float, ...]:
    return tuple(point[i % len(point)] * (1 + i // len(point)) for i in range(size))


def _constants(q: MapPriorPenalty) -> dict[Any, Any]:
    """The drawn constants under their symbols."""
    import sympy

    sigma, tau, width = sympy.symbols("sigma tau b")
    values: dict[Any, Any] = {sigma**2: q._noise, sympy.Symbol("J"): q.size}
    if q.prior == "correlated-normal":
        precision, (first, second) = sympy.Function("A"), q.inverse
        return values | {precision(1, 1): first[0], precision(1, 2): first[1], precision(2, 2): second[1]}
    if q.prior == "normals":
        return values | {sympy.Function("tau")(j) ** 2: value for j, value in enumerate(q.variances, 1)}
    if q.variances:
        values[tau**2] = q.variances[0]
    return values if q.width is None else values | {width: q.width}


@lru_cache(maxsize=512)
def weight_lines(q: MapPriorPenalty) -> tuple[Line, ...]:
    """The coefficients of the penalty, each worked out from the variances."""
    from generator.solver.formula_tex import tex
    from generator.solver.substitution import worked

    constants = _constants(q)
    formulas = in_coefficients(q.prior, q.parameter, q.objective, q.size).formulas
    return tuple(line(tex(name), worked(formula.terms, constants), formula.tex) for name, formula in formulas.items())


def _asked_line(q: MapPriorPenalty, lines: tuple[Line, ...]) -> Line:
    return lines[1] if q.prior == "correlated-normal" else lines[q.asked - 1]


@lru_cache(maxsize=512)
def _value_line(q: MapPriorPenalty) -> Line:
    """The penalty at the given point."""
    import sympy

    from generator.solver.substitution import worked

    form = in_coefficients(q.prior, q.parameter, q.objective, q.size)
    values = dict(zip(form.formulas, q.weights, strict=True))
    values |= {sympy.Function(q.parameter)(j): value for j, value in enumerate(q.at, 1)}
    return line(f"P({', '.join(map(str, q.at))})", worked(form.penalty.terms, values), form.penalty.tex)


def _own_coefficient(q: MapPriorPenalty) -> Terms:
    """The coefficient of one parameter among several with variances of their own."""
    import sympy

    own = sympy.Function("tau")
    first = next(iter(in_coefficients(q.prior, q.parameter, q.objective, q.size).formulas.values()))
    return Terms(tuple(term.xreplace({own(1): own(sympy.Symbol("j"))}) for term in first.terms))


def _adjugate_work(q: MapPriorPenalty) -> Mapping[str, Value]:
    """The inverse of the covariance matrix times its determinant, in symbols and in numbers."""
    import sympy

    from generator.solver.formula_tex import tex
    from generator.solver.substitution import exact_number

    entries = {sympy.Function("C")(j, k): symbolic(q.covariance[j - 1][k - 1]) for j in (1, 2) for k in (1, 2)}
    numbers = tuple(tuple(exact_number(entry.xreplace(entries)) for entry in row) for row in adjugate())
    return {"adjugate": tuple(tuple(map(tex, row)) for row in adjugate()), "adjugate_in_numbers": numbers}


DATA: tuple[tuple[tuple[float, float], float], ...] = (((1.0, 0.5), 0.3), ((-0.8, 1.4), 1.7), ((0.2, -1.1), -0.6))
"""Made-up inputs (repeated for more parameters) and outputs; what they are does not matter to the penalty."""


def penalty_found(q: MapPriorPenalty, point: Sequence[float]) -> float:
    """The penalty as the difference between the log-posterior and the data term, both summed from densities."""
    factor = 1.0 if q.objective == "sum" else 0.5
    noise = float(q._noise)

    def objective(phi: Sequence[float]) -> float:
        if q.objective == "likelihood":
            return sum(_log_normal_density(gap, noise) for gap in _gaps(phi)) - _log_posterior(q, phi)
        return -2 * factor * noise * _log_posterior(q, phi) - factor * sum(gap**2 for gap in _gaps(phi))

    return objective(point) - objective((0.0,) * q.size)


def _gaps(phi: Sequence[float]) -> list[float]:
    return [y - sum(a * b for a, b in zip(_resized(x, len(phi)), phi, strict=True)) for x, y in DATA]


def _log_normal_density(x: float, variance: float) -> float:
    return -0.5 * math.log(2 * math.pi * variance) - x * x / (2 * variance)


def _log_posterior(q: MapPriorPenalty, phi: Sequence[float]) -> float:
    """Log-likelihood of a linear model with normal noise plus log-prior (up to a constant for the elastic net)."""
    noise, variances = float(q._noise), [float(value) for value in q.variances]
    likelihood = sum(_log_normal_density(gap, noise) for gap in _gaps(phi))
    if q.prior == "correlated-normal":
        vector, covariance = np.array(phi, dtype=float), np.array(q.covariance, dtype=float)
        return likelihood - 0.5 * float(vector @ np.linalg.solve(covariance, vector))
    if q.prior in ("normal", "normals", "elastic-net"):
        spread = variances if q.prior == "normals" else variances * q.size
        likelihood += sum(_log_normal_density(one, variance) for one, variance in zip(phi, spread, strict=True))
    if q.width is not None:
        width = float(q.width)
        likelihood += sum(-math.log(2 * width) - abs(one) / width for one in phi)
    return likelihood


@lru_cache(maxsize=64)
def _expression_slips(prior: Prior, parameter: str, objective: Objective) -> tuple[Slip, ...]:
    import sympy

    penalty = penalty_of(prior, parameter, objective).penalty.terms
    wrong = {
        "twice too large: a factor 1/2 lost": tuple(2 * term for term in penalty),
        "half as large: a factor 2 lost": tuple(term / 2 for term in penalty),
    }
    if objective != "likelihood":
        wrong["noise variance forgotten"] = tuple(term.subs(sympy.Symbol("sigma"), 1) for term in penalty)
    return tuple(
        Slip("b", name, Terms(terms).meaning, apart=True, tex=Terms(terms).tex) for name, terms in wrong.items()
    )
