"""The influence function: how an estimate reacts to the weight of one observation, and to its removal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal, Self

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
from generator.exercises.robustness._simple_estimates import draw_x, draw_y
from generator.notation import Value
from generator.solver.influence import (
    LARGEST,
    Estimator,
    Refits,
    Steps,
    expansion,
    loss_value,
    needed_sums,
    refit,
    steps,
)
from generator.solver.influence_tex import influence_of, shown_steps, wearing_hat
from generator.working import Line, Term, line, num, product, total

Parameter = Literal["theta", "mu", "lamda", "w", "r"]
NAMES: Mapping[Estimator, tuple[Parameter, ...]] = {
    "mean": ("theta", "mu"),
    "ridge-slope": ("theta", "w"),
    "exponential-rate": ("theta", "lamda", "r"),
}
ESTIMATORS: Mapping[Level, tuple[Estimator, ...]] = {
    "easy": ("mean", "exponential-rate"),
    "medium": ("ridge-slope", "exponential-rate"),
    "hard": ("ridge-slope",),
}
SIZES: Mapping[Level, tuple[int, ...]] = {"easy": (4,), "medium": (4, 5), "hard": (5, 6)}
LARGEST_DENOMINATOR = 200
Entry = Annotated[int | Fraction, Between(-100, 100)]
Data = Annotated[tuple[Entry, ...], Length(3, 8)]


@exercise(title="Influence of one observation", source=("C4",))
@dataclass(frozen=True, slots=True)
class InfluenceFunction(Exercise):
    """An estimator that minimises a mean loss, a sample, and the number of the observation that is left out.

    ``y`` and ``penalty`` are null but for the ridge slope. ``ranking`` asks for the most influential observation.
    """

    estimator: Estimator
    parameter: Parameter
    x: Data
    y: Data | None
    penalty: Annotated[int | Fraction, Between(0, 100)] | None
    left_out: Annotated[int, Between(1, 8)]
    ranking: bool

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        ridge = bool(d.pins.get("y") or d.pins.get("penalty"))
        estimator = d.given("estimator", lambda: "ridge-slope" if ridge else d.pick(ESTIMATORS[level]))
        size = len(d.given("y", lambda: None) or ()) or max(d.pick(SIZES[level]), d.given("left_out", lambda: 0))
        penalty = d.given("penalty", lambda: d.integer(1, 3) if estimator == "ridge-slope" else None)
        x = d.given("x", lambda: draw_x(d, estimator, size))
        return cls(
            estimator=estimator,
            parameter=d.given("parameter", lambda: d.pick(NAMES[estimator])),
            x=x,
            y=d.given("y", lambda: draw_y(d, x, penalty) if estimator == "ridge-slope" else None),
            penalty=penalty,
            left_out=d.given("left_out", lambda: d.integer(1, len(x))),
            ranking=d.given("ranking", lambda: level == "hard"),
        )

    @property
    def size(self) -> int:
        """The number of observations."""
        return len(self.x)

    def conditions(self) -> Iterable[Condition]:
        ridge = self.estimator == "ridge-slope"
        text = "the ridge slope has a target per observation and a penalty of at least 1/100"
        given = self.y is not None and len(self.y) == self.size and self.penalty is not None and 100 * self.penalty >= 1
        yield must(text, given or not ridge)
        yield must(
            f"the estimator {self.estimator!r} has neither targets nor a penalty: 'y' and 'penalty' are null",
            ridge or (self.y is None and self.penalty is None),
        )
        yield must("the parameter is not called as the penalty is", not ridge or self.parameter != "lamda")
        yield must("'left_out' is the number of an observation", self.left_out <= self.size)
        positive = all(value > 0 for value in self.x)
        yield must("observations of an exponential distribution are positive", positive or ridge or self._is_mean)
        numbers = worked(self)
        whole, without = numbers.estimate[-1].result, numbers.exact[-1].result
        yield must(f"both estimates are at most {LARGEST} in size", max(abs(whole), abs(without)) <= LARGEST)
        influences = [abs(value) for value in numbers.values]
        alone = influences.count(max(influences)) == 1
        yield must("one observation alone has the largest influence", alone or not self.ranking)
        yield wanted("the observation that is left out has an influence", influences[self.left_out - 1] != 0)
        different = len(set(zip(self.x, self.y or self.x, strict=True)))
        yield wanted("no two observations are equal", different == self.size)
        yield wanted("the x are not all equal", len(set(self.x)) > 1)
        yield wanted("no x is 0", all(self.x))
        data = (*self.x, *(self.y or ()))
        yield wanted("the data are at most 20 in size", all(-20 <= value <= 20 for value in data))
        yield wanted("the data are whole numbers", all(map(_is_whole, data)))
        yield wanted("the estimate is not 0", whole != 0)
        yield wanted("the mean second derivative is a whole number", _is_whole(numbers.hessian.result) or not ridge)
        results = [*numbers.values, *(entry.result for entry in (numbers.approximate, numbers.gap)), without]
        simple = all(Fraction(value).denominator <= LARGEST_DENOMINATOR for value in results)
        yield wanted("all results are fractions with small denominators", simple)
        yield wanted("the estimates with and without the observation differ", whole != without)

    @property
    def _is_mean(self) -> bool:
        return self.estimator == "mean"

    @property
    def steps(self) -> Steps:
        """The symbolic derivation."""
        return steps(self.estimator, self.parameter)

    def solve(self) -> Solution:
        numbers, hat = worked(self), _hat(self)
        first = {"estimate": numbers.estimate[-1].result, "influence": numbers.influence.result}
        second = {
            "approximate": numbers.approximate.result,
            "exact": numbers.exact[-1].result,
            "difference": numbers.gap.result,
        }
        shown = shown_steps(self.estimator, self.parameter)
        ranked = max(range(self.size), key=lambda place: abs(numbers.values[place])) + 1
        room = Space("boxes", rows=self.size + 2, names=("i",))
        ranking = Part("e", "integer", ranked, 3, work={"lines": numbers.influences}, space=room)
        names = (rf"{hat}_{{\text{{lin}}}}", rf"{hat}_{{-k}}", rf"{hat}_{{\text{{lin}}}} - {hat}_{{-k}}")
        return Solution(
            (
                Part("a", "derivation", None, 5),
                Part("b", "expression", self.steps.influence, 3, work=shown, tex=shown["influence"]),
                Part(
                    "c",
                    "table",
                    first,
                    3,
                    work={
                        "total_slope": shown["total_slope"],
                        "estimate": numbers.estimate,
                        "hessian": numbers.hessian,
                        "influence": numbers.influence,
                    },
                    space=Space("boxes", rows=6, names=(hat, "I_k")),
                    names={"estimate": hat, "influence": "I_k"},
                ),
                Part(
                    "d",
                    "table",
                    second,
                    3,
                    work={"approximate": numbers.approximate, "exact": numbers.exact, "gap": numbers.gap},
                    space=Space("boxes", rows=6, names=names),
                    names=dict(zip(second, names, strict=True)),
                ),
                *([ranking] if self.ranking else []),
            ),
            work={
                "t": _name(self),
                "hat": hat,
                "loss": shown["loss"],
                "names": names,
                "expansion": expansion(self.parameter),
            },
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        found, k = self._refits(), self.left_out - 1
        moved = "central differences of numeric minimisers with one observation's weight changed"
        expressed = tuple(self._value(solution["b"].answer, place, found.whole) for place in range(self.size))
        yield agree("b", moved, expressed, found.derivatives, tolerance=1e-5)
        for printed, plain in _judged(self.estimator, self.parameter):
            yield agree(
                "b", "the loss in floating point and its differences, at a fixed point", printed, plain, tolerance=1e-5
            )
        first = {"estimate": found.whole, "influence": found.derivatives[k]}
        yield agree("c", moved, solution["c"].answer, first, tolerance=1e-5)
        near, exact = found.whole - found.derivatives[k] / self.size, found.without[k]
        second = {"approximate": near, "exact": exact, "difference": near - exact}
        yield agree("d", f"{moved}, and a refit without it", solution["d"].answer, second, tolerance=1e-5)
        if self.ranking:
            sizes = [abs(value) for value in found.derivatives]
            yield agree("e", moved, solution["e"].answer, sizes.index(max(sizes)) + 1)

    def _refits(self) -> Refits:
        x = [float(value) for value in self.x]
        return refit(self.estimator, float(self.penalty or 0), x, [float(value) for value in self.y or x])

    def _value(self, expression: Value, place: int, estimate: float) -> float:
        """The expression of part (b) in numbers, for one observation."""
        import sympy

        from generator.solver.sample_sums import SIZE, evaluate

        values = {
            sympy.Symbol(self.parameter): estimate,
            sympy.Symbol("x_k"): float(self.x[place]),
            sympy.Symbol("y_k"): float((self.y or self.x)[place]),
            SIZE: self.size,
        }
        # The penalty and an exponential's rate may both be called lambda, but never in one exercise.
        if self.penalty is not None:
            values[sympy.Symbol("lamda")] = float(self.penalty)
        return float(evaluate(expression, values, [float(value) for value in self.x]))

    def pattern(self) -> str:
        return f"estimator={self.estimator}, n={self.size}"

    def slips(self) -> Iterable[Slip]:
        numbers, n = worked(self), self.size
        estimate, exact = numbers.estimate[-1].result, numbers.exact[-1].result
        influence, hessian = Fraction(numbers.influence.result), Fraction(numbers.hessian.result)
        wrong = {"sign of the derivative forgotten": -influence, "averaging over $n$ forgotten": influence / n}
        if hessian != 1:
            wrong["not divided by the second derivative"] = influence * hessian
            wrong["multiplied by the second derivative instead of divided"] = influence * hessian**2
        yield from _expression_slips(self.estimator, self.parameter)
        for name, value in wrong.items():
            yield Slip("c", name, {"estimate": estimate, "influence": value}, apart=True)
        approximate = {
            r"moved the wrong way: $\varepsilon = \frac{1}{n}$": estimate + influence / n,
            r"a whole unit of weight taken away: $\varepsilon = -1$": estimate - influence,
            r"$\varepsilon = -\frac{1}{n - 1}$ put in": estimate - influence / (n - 1),
        }
        for name, near in approximate.items():
            yield Slip("d", name, _pair(near, exact), apart=True)
        yield Slip("d", _KEPT[self.estimator], _pair(numbers.approximate.result, self._kept()), apart=True)
        turned = {**_pair(numbers.approximate.result, exact), "difference": -Fraction(numbers.gap.result)}
        yield Slip("d", "exact minus approximate estimate", turned, apart=True)
        if self.ranking:
            yield from _ranking_slips(self, numbers)

    def _kept(self) -> Fraction:
        """The estimate without the observation where n was not lowered by one."""
        n, k = self.size, self.left_out - 1
        rest = [value for place, value in enumerate(self.x) if place != k]
        if self.estimator == "exponential-rate":
            return Fraction(n) / sum(rest)
        if self.y is None or self.penalty is None:
            return Fraction(sum(rest)) / n
        others = [value for place, value in enumerate(self.y) if place != k]
        above = sum(one * other for one, other in zip(rest, others, strict=True))
        return Fraction(above) / (sum(value**2 for value in rest) + n * self.penalty)


_KEPT: Mapping[Estimator, str] = {
    "mean": "rest of the data divided by $n$, not by $n - 1$",
    "ridge-slope": "penalty of all $n$ observations kept for the rest",
    "exponential-rate": "$n$, not $n - 1$, over the rest of the data",
}


def _pair(near: Value, exact: Value) -> dict[str, Value]:
    return {"approximate": near, "exact": exact, "difference": near - exact}


def _is_whole(value: int | Fraction) -> bool:
    return Fraction(value).denominator == 1


@dataclass(frozen=True, slots=True)
class Worked:
    """All worked lines: the estimate, the mean second derivative, every observation's influence, the removal."""

    estimate: tuple[Line, ...]
    hessian: Line
    influences: tuple[Line, ...]
    values: tuple[Fraction, ...]
    influence: Line
    approximate: Line
    exact: tuple[Line, ...]
    gap: Line


@lru_cache(maxsize=64)
def worked(q: InfluenceFunction) -> Worked:
    """The lines for the drawn sample."""
    hat, k, n = _hat(q), q.left_out, q.size
    estimate = _estimate_lines(q)
    hessian = _hessian_line(q, estimate)
    value = estimate[-1].result
    influences = tuple(_influence_line(q, place, value, hessian.result) for place in range(1, n + 1))
    values = tuple(Fraction(entry.result) for entry in influences)
    influence = influences[k - 1]
    approximate = line(
        rf"{hat}_{{\text{{lin}}}}",
        num(value) - num(Fraction(1, n)) * influence.result,
        rf"{hat} - \frac{{1}}{{n}} I_{k}",
    )
    exact = _exact_lines(q, estimate)
    gap = line(rf"{hat}_{{\text{{lin}}}} - {hat}_{{-{k}}}", num(approximate.result) - exact[-1].result)
    return Worked(estimate, hessian, influences, values, influence, approximate, exact, gap)


def _name(q: InfluenceFunction) -> str:
    return {"theta": r"\theta", "mu": r"\mu", "lamda": r"\lambda"}.get(q.parameter, q.parameter)


def _hat(q: InfluenceFunction) -> str:
    return rf"\hat{{{_name(q)}}}"


def _sums(q: InfluenceFunction) -> tuple[Line, ...]:
    """The sums over the sample that the estimate needs."""
    from generator.solver.formula_tex import tex
    from generator.solver.sample_sums import SIZE

    names = [tex(needed.subs(SIZE, q.size)) for needed in needed_sums(q.y is not None)]
    if q.y is None:
        return (line(names[0], total(q.x)),)
    squares = total(num(value) ** 2 for value in q.x)
    products = total(product(pair) for pair in zip(q.x, q.y, strict=True))
    return line(names[0], squares), line(names[1], products)


def _closed_form(q: InfluenceFunction, sums: Sequence[int | Fraction], n: int) -> Term:
    """The minimiser for n observations with these sums."""
    from generator.solver.sample_sums import SIZE
    from generator.solver.substitution import term

    return term(
        q.steps.estimate, dict(zip(needed_sums(q.y is not None), sums, strict=True)) | {SIZE: n, _penalty(): q.penalty}
    )


def _estimate_lines(q: InfluenceFunction) -> tuple[Line, ...]:
    sums = _sums(q)
    results = [entry.result for entry in sums]
    return (*sums, line(_hat(q), _closed_form(q, results, q.size), _at_estimate(q, q.steps.estimate)))


def _hessian_line(q: InfluenceFunction, estimate: tuple[Line, ...]) -> Line:
    import sympy

    from generator.solver.sample_sums import SIZE
    from generator.solver.substitution import term

    sums = dict(zip(needed_sums(q.y is not None), (entry.result for entry in estimate[:-1]), strict=True))
    # An exponential's rate may be called lambda too, and has no penalty.
    values = {**sums, SIZE: q.size, _penalty(): q.penalty, sympy.Symbol(q.parameter): estimate[-1].result}
    return line("H", term(q.steps.hessian, values), _at_estimate(q, q.steps.hessian))


def _influence_line(q: InfluenceFunction, place: int, value: Value, hessian: Value) -> Line:
    import sympy

    from generator.solver.substitution import term

    x, y = sympy.Function("x"), sympy.Function("y")
    formula = influence_of(q.estimator, q.parameter, place)
    values = {_penalty(): q.penalty, sympy.Symbol("H"): hessian, sympy.Symbol(q.parameter): value}
    values |= {x(place): q.x[place - 1], y(place): (q.y or q.x)[place - 1]}
    return line(f"I_{place}", term(formula, values), _at_estimate(q, formula))


def _at_estimate(q: InfluenceFunction, expression: Value) -> str:
    return wearing_hat(expression, q.parameter)


def _exact_lines(q: InfluenceFunction, estimate: tuple[Line, ...]) -> tuple[Line, ...]:
    """The sums without the observation, and the estimate with those."""
    from generator.solver.formula_tex import tex

    k, x = q.left_out, num(q.x[q.left_out - 1])
    parts = [x] if q.y is None else [x**2, x * q.y[k - 1]]
    names = [tex(needed.function) for needed in needed_sums(q.y is not None)]
    rest = [
        line(rf"\sum_{{i \ne {k}}} {name}", num(entry.result) - part)
        for name, entry, part in zip(names, estimate, parts, strict=False)
    ]
    results = [entry.result for entry in rest]
    return (*rest, line(rf"{_hat(q)}_{{-{k}}}", _closed_form(q, results, q.size - 1)))


@lru_cache(maxsize=64)
def _expression_slips(estimator: Estimator, parameter: Parameter) -> tuple[Slip, ...]:
    from generator.solver.sample_sums import SIZE

    found = steps(estimator, parameter)
    wrong = {
        "sign of the derivative forgotten": -found.influence,
        "averaging over $n$ forgotten": found.influence / SIZE,
    }
    if estimator != "mean":
        wrong["not divided by the second derivative"] = -found.slope_at_point
        wrong["multiplied by the second derivative instead of divided"] = -found.slope_at_point * found.hessian
    return tuple(Slip("b", name, value, apart=True, tex=wearing_hat(value, parameter)) for name, value in wrong.items())


def _penalty() -> Value:
    import sympy

    return sympy.Symbol("lamda")


def _ranking_slips(q: InfluenceFunction, numbers: Worked) -> Iterable[Slip]:
    found = [abs(value) for value in numbers.values]
    right, largest = found.index(max(found)), numbers.values.index(max(numbers.values))
    if largest != right:
        yield Slip("e", "sign of the influence not ignored", largest + 1)
    sizes = [abs(Fraction(value)) for value in q.x]
    if sizes.index(max(sizes)) != right:
        yield Slip("e", "largest $x_i$ in size instead of largest influence", sizes.index(max(sizes)) + 1)


@lru_cache(maxsize=16)
def _judged(estimator: Estimator, parameter: str) -> tuple[tuple[float, float], ...]:
    """Loss, slope and curvature as they are printed, at a fixed point, each with what plain numbers give."""
    import sympy

    found, (x, y, at, penalty), h = steps(estimator, parameter), (1.3, -0.7, 0.9, 0.4), 1e-4
    i = sympy.Symbol("i")
    values = {
        sympy.Function("x")(i): x,
        sympy.Function("y")(i): y,
        sympy.Symbol("lamda"): penalty,
        # An exponential's rate may be called lambda too, and has no penalty.
        sympy.Symbol(parameter): at,
    }
    down, here, up = (float(loss_value(estimator, penalty, x, y, at + shift)) for shift in (-h, 0, h))
    plain = (here, (up - down) / (2 * h), (up - 2 * here + down) / h**2)
    printed = (float(step.subs(values)) for step in (found.loss, found.slope, found.curvature))
    return tuple(zip(printed, plain, strict=True))
