"""The maximum-likelihood estimator of a one-parameter family, derived and applied to a small sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, Self

from generator import notation
from generator.draw import Draw, Level
from generator.exact import log
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
from generator.exercises.likelihood._small_samples import PLANS, draw_known, draw_sample
from generator.notation import Value
from generator.solver.density import log_likelihood, most_likely, slope
from generator.solver.estimate import broken, estimate_lines, ratio_term
from generator.solver.likelihood import (
    SHAPES,
    Derivation,
    Factors,
    Family,
    Names,
    Root,
    Terms,
    derive,
    in_support,
    sensible_known,
)
from generator.working import Line, num

if TYPE_CHECKING:
    import sympy

FAMILIES: Mapping[Level, tuple[Family, ...]] = {
    "easy": ("exponential", "exponential-mean", "poisson", "bernoulli", "normal-mean"),
    "medium": (
        "exponential",
        "exponential-mean",
        "poisson",
        "bernoulli",
        "geometric",
        "normal-mean",
        "normal-variance",
        "laplace-scale",
        "gamma-rate",
        "rayleigh",
    ),
    "hard": (
        "geometric",
        "normal-variance",
        "laplace-scale",
        "rayleigh",
        "pareto",
        "gamma-rate",
        "weibull-scale",
        "log-normal-mean",
        "uniform",
    ),
}
INVERSE_OF_A_MEAN: tuple[Family, ...] = ("exponential", "exponential-mean", "geometric", "gamma-rate", "pareto")
Parameter = Literal[
    "lamda", "theta", "mu", "sigma", "tau", "alpha", "kappa", "eta", "nu", "a", "b", "c", "p", "q", "r", "s", "v"
]
Data = Literal["x", "y", "z", "t", "u", "w", "k"]
Constant = Annotated[int | Fraction, Between(-1000, 1000)]


@dataclass(frozen=True, slots=True)
class Symbols:
    """What parameter and data are called; ``lamda`` is printed as the Greek letter."""

    parameter: Parameter
    data: Data


@exercise(title="Maximum-likelihood estimator of a family", source=("C1",))
@dataclass(frozen=True, slots=True)
class MleEstimator(Exercise):
    """A family of densities with one unknown parameter, and a sample.

    ``known`` is the family's known constant: variance, mean, location, minimum or shape; null where it has none.
    """

    family: Family
    symbols: Symbols
    known: Constant | None
    sample: Annotated[tuple[Constant, ...], Length(2, 12)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        family = d.given("family", lambda: d.pick(FAMILIES[level]))
        known = d.given("known", lambda: draw_known(d, family))

        def symbols() -> Symbols:
            # The names of a plan are literals of the two types.
            return Symbols(d.pick(PLANS[family].parameters), d.pick(("x", "y", "z")))  # type: ignore[arg-type]

        return cls(
            family=family,
            symbols=d.given("symbols", symbols),
            known=known,
            sample=d.given("sample", lambda: draw_sample(d, family, known, level)),
        )

    @property
    def size(self) -> int:
        """The number of observations."""
        return len(self.sample)

    @property
    def names(self) -> Names:
        """The names in the form that the derivation wants."""
        return Names(self.symbols.parameter, self.symbols.data)

    @property
    def steps(self) -> Derivation:
        """The derivation for the family."""
        return derive(self.family, self.known, self.names)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The estimate on the sample, worked out."""
        return estimate_lines(self.family, self.known, self.names, self.sample)

    def conditions(self) -> Iterable[Condition]:
        role = SHAPES[self.family].known
        yield must(_KNOWN_TEXT[role].format(self.family), sensible_known(self.family, self.known))
        possible = all(in_support(self.family, self.known, x) for x in self.sample)
        yield must(f"every observation is possible in the family {self.family!r}", possible)
        yield must("the likelihood of the sample has a maximum inside the parameter's range", self._has_maximum())
        yield wanted("the observations are not all equal", len(set(self.sample)) > 1)
        if self.family == "uniform":
            yield wanted("the largest observation comes once", self.sample.count(max(self.sample)) == 1)
            yield wanted("neither the first nor the last observation is the largest", _largest_is_inside(self.sample))
        else:
            estimate = self.lines[-1].result
            yield wanted("the estimate is neither 0 nor 1", estimate not in (0, 1))
            yield wanted("the estimate is a simple number", _is_simple(estimate))

    def _has_maximum(self) -> bool:
        """Whether the sum in the estimator is inside its range: not all zero, not all successes, and so on."""
        sample, role = self.sample, SHAPES[self.family].known
        if self.family in ("normal-mean", "log-normal-mean"):
            return True
        if self.family == "bernoulli":
            return 0 < sum(sample) < len(sample)
        if self.family == "geometric":
            return any(value > 1 for value in sample)
        return any(value != (self.known if role in ("mean", "location", "minimum") else 0) for value in sample)

    def solve(self) -> Solution:
        steps = self.steps
        lines = self.lines
        expression, expression_tex = _estimator(self)
        return Solution(
            (
                Part("a", "expression", steps.log_likelihood.meaning, 3, tex=steps.log_likelihood.tex),
                Part("b", "expression", steps.score.meaning, 2, tex=steps.score.tex),
                Part("c", "expression", expression, 2, work={"estimator": expression_tex}, tex=expression_tex),
                Part("d", "derivation", None, 2),
                Part(
                    "e",
                    "number",
                    lines[-1].result,
                    1,
                    work={"lines": lines, "rows": broken(lines), "answer": _number_tex(lines[-1].result)},
                ),
            ),
            work={
                "parameter": _symbol_tex(self),
                "data": self.symbols.data,
                "steps": steps,
                "highest": self._likelihood_at_estimate(),
            },
        )

    def _likelihood_at_estimate(self) -> Factors | None:
        """The likelihood where it is largest, for a family whose likelihood has no stationary point."""
        if self.steps.maximum is not None:
            return None
        return derive(self.family, self.known, Names(_hat(self), self.symbols.data)).likelihood

    def check(self, solution: Solution) -> Iterable[Check]:
        known, sample = float(self.known or 0), [float(x) for x in self.sample]
        highest = most_likely(self.family, known, sample)
        points = _test_points(self.family, highest)
        direct = "the logarithms of the densities added up in floating point"
        summed = tuple(log_likelihood(self.family, known, sample, point) for point in points)
        yield agree("a", direct, tuple(self._value(solution["a"].answer, point) for point in points), summed)
        slopes = tuple(slope(self.family, known, sample, point) for point in points)
        stepped = "a complex step on that sum"
        yield agree("b", stepped, tuple(self._value(solution["b"].answer, point) for point in points), slopes)
        searched = "a search for the largest likelihood"
        yield agree("c", searched, self._value(solution["c"].answer, 0.0), highest, tolerance=1e-7)
        yield agree("e", searched, solution["e"].answer, highest, tolerance=1e-7)

    def _value(self, expression: Value, parameter: float) -> float:
        """An expression on the sample, at one value of the parameter."""
        import sympy

        from generator.solver.sample_sums import SIZE, evaluate

        values = {
            sympy.Symbol(self.symbols.parameter): parameter,
            SIZE: self.size,
            _largest_symbol(self): max(self.sample),
        }
        return float(evaluate(expression, values, self.sample))

    def pattern(self) -> str:
        return f"family={self.family}"

    def slips(self) -> Iterable[Slip]:
        yield from _expression_slips(self.family, self.known, self.names)
        if self.family == "uniform":
            mean = Fraction(sum(self.sample), self.size)
            yield Slip("e", "twice the mean instead of the maximum", 2 * mean, apart=True)
            yield Slip("e", "the mean instead of the maximum", mean, apart=True)
        else:
            yield from _number_slips(self)


_KNOWN_TEXT: Mapping[str | None, str] = {
    None: "the family {0!r} has no known constant: 'known' is null",
    "variance": "the known variance of the family {0!r} is positive",
    "mean": "the family {0!r} has a known mean",
    "location": "the family {0!r} has a known location",
    "minimum": "the known minimum of the family {0!r} is positive",
    "shape": "the known shape of the family {0!r} is 1, 2, 3 or 4",
}


def _largest_is_inside(sample: tuple[Value, ...]) -> bool:
    return max(sample) not in (sample[0], sample[-1])


def _is_simple(estimate: Value) -> bool:
    """A fraction with a denominator up to 20, or such a multiple of a logarithm, or its inverse."""
    if isinstance(estimate, int | Fraction):
        return Fraction(estimate).denominator <= 20
    coefficient, rest = estimate.as_coeff_Mul()
    return bool(coefficient.is_Rational and coefficient.q <= 20 and rest.as_base_exp()[0].func.__name__ == "log")


def _largest_symbol(q: MleEstimator) -> sympy.Symbol:
    import sympy

    return sympy.Symbol(f"{q.symbols.data}_max")


def _symbol_tex(q: MleEstimator) -> str:
    import sympy

    from generator.solver.formula_tex import tex

    return tex(sympy.Symbol(q.symbols.parameter))


def _hat(q: MleEstimator) -> str:
    return rf"\hat{{{_symbol_tex(q)}}}"


def _estimator(q: MleEstimator) -> tuple[Value, str]:
    """The estimator as an expression and in TeX."""
    maximum = q.steps.maximum
    if maximum is None:
        data = q.symbols.data
        return _largest_symbol(q), rf"\max\{{{data}_1, \ldots, {data}_n\}}"
    return maximum.estimator.meaning, maximum.estimator.tex


def _exact(value: Value) -> Value:
    from generator.solver.substitution import exact_number

    return exact_number(value)


def _number_tex(value: Value) -> str:
    """An estimate in TeX, with what is known of logarithms set as in the rest of the solution."""
    if isinstance(value, int | Fraction):
        return notation.tex(value)
    from generator.solver.formula_tex import tex

    return tex(value)


def _test_points(family: Family, near: float) -> tuple[float, ...]:
    """Values of the parameter at which two expressions are compared: inside its range, none at the estimate."""
    if SHAPES[family].domain == "probability":
        return 0.3, 0.6
    if SHAPES[family].domain == "real":
        return near - 1.3, near + 0.8
    return near * 1.25, near * 1.9


@lru_cache(maxsize=1024)
def _expression_slips(family: Family, known: int | Fraction | None, names: Names) -> tuple[Slip, ...]:
    steps = derive(family, known, names)
    counted_once = "$n$ forgotten: constant terms counted once"
    found = [
        _shown_slip("a", "the likelihood itself, not its logarithm", steps.likelihood),
        _shown_slip("a", counted_once, _for_one(steps.log_likelihood)),
    ]
    if _for_one(steps.score) != steps.score:
        found.append(_shown_slip("b", counted_once, _for_one(steps.score), apart=False))
    if steps.maximum is not None:
        ratio = steps.maximum.ratio
        found.append(_shown_slip("c", "$n$ forgotten", Root(_for_one(ratio), steps.maximum.power)))
        if family in INVERSE_OF_A_MEAN:
            upside_down = Terms((1 / ratio.meaning,))
            found.append(_shown_slip("c", "upside down: mean and inverse of the mean mixed up", upside_down))
    return tuple(found)


def _shown_slip(part: str, name: str, wrong: Terms | Factors | Root, *, apart: bool = True) -> Slip:
    return Slip(part, name, wrong.meaning, apart=apart, tex=wrong.tex)


def _for_one(shown: Terms) -> Terms:
    from generator.solver.sample_sums import for_one

    return Terms(tuple(for_one(term) for term in shown.terms))


def _number_slips(q: MleEstimator) -> Iterable[Slip]:
    maximum = q.steps.maximum
    assert maximum is not None
    lines = q.lines
    estimate, statistic, n = lines[-1].result, lines[0].result, q.size

    def value(size: int) -> Value:
        from generator.solver.sample_sums import SIZE

        work = ratio_term(maximum, {SIZE: size, maximum.statistic: statistic})
        return work.value() if maximum.power == 1 else _root(work.value(), maximum.power)

    # With one factor too few the range may be left altogether: a root or quotient that does not exist is no slip.
    if q.family != "pareto":
        yield Slip("e", "$n$ forgotten", value(1), apart=True)
    if q.family in INVERSE_OF_A_MEAN:
        yield Slip("e", "upside down: mean and inverse of the mean mixed up", _exact(1 / _number(estimate)), apart=True)
    mean = Fraction(sum(map(Fraction, q.sample)), n)
    if q.family in ("normal-mean", "normal-variance"):
        yield Slip("e", "divided by $n - 1$", value(n - 1), apart=True)
    if q.family == "normal-variance":
        around_mean = sum((x - mean) ** 2 for x in q.sample) / n
        yield Slip("e", "sample mean in place of the known mean", around_mean, apart=True)
    if q.family == "laplace-scale" and q.known is not None:
        yield Slip("e", "squares in place of absolute values", sum((x - q.known) ** 2 for x in q.sample) / Fraction(n))
        yield Slip("e", "absolute values left out", mean - q.known)
    if q.family == "rayleigh":
        yield Slip("e", "factor 2 forgotten", _root(Fraction(statistic) / n, 2), apart=True)
    if maximum.power > 1:
        yield Slip("e", "root forgotten", _exact(_number(estimate) ** maximum.power), apart=True)
        yield Slip("e", "mean of the data", mean)
    if q.family == "geometric":
        yield Slip("e", "failures counted instead of trials", n / (n + Fraction(statistic)), apart=True)
    if q.family == "bernoulli":
        yield Slip("e", "successes divided by failures", Fraction(statistic) / (n - statistic), apart=True)
    if q.family == "gamma-rate" and q.known != 1:
        yield Slip("e", "shape forgotten", n / Fraction(statistic), apart=True)
    if q.family == "pareto":
        yield Slip("e", "minimum forgotten", _exact(n / _number(statistic)), apart=True)
    if q.family == "log-normal-mean":
        yield Slip("e", "mean of the data instead of their logarithms", mean, apart=True)
        yield Slip("e", "logarithm of the mean", _number(log(mean)), apart=True)


def _number(value: Value) -> Value:
    """A value for further arithmetic: fractions stay fractions, logarithms become SymPy's."""
    if isinstance(value, int):
        return Fraction(value)
    return num(value).value()


def _root(value: Value, power: int) -> Value:
    import sympy

    return _exact(sympy.root(sympy.Rational(value), power))
