"""The loss of logistic regression on one input in symbols: its derivatives and the steps to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from generator.exercises.regression._naming import Letter, names
from generator.notation import matrix_tex
from generator.solver import logistic

Reduction = Literal["sum", "mean"]
"""How the losses of the examples are put together."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A factor times the sum of some terms over the examples; the terms print in their order."""

    factor: Any
    terms: tuple[Any, ...]

    @property
    def expression(self) -> Any:
        """The same as one SymPy expression."""
        import sympy

        from generator.solver.sample_sums import INDEX, SIZE

        return self.factor * sympy.Sum(sympy.Add(*self.terms), (INDEX, 1, SIZE))

    @property
    def tex(self) -> str:
        """The factor before a sum over brackets, or over a single term."""
        from generator.solver.sample_sums import sum_tex, tex

        if len(self.terms) == 1:
            return tex(self.expression)
        return rf"{summed_tex(self.factor)} \left[ {sum_tex(self.terms)} \right]"

    def at(self, values: Mapping[Any, Any]) -> Reduced:
        """The same with some symbols replaced."""
        return Reduced(self.factor, tuple(term.subs(values) for term in self.terms))


def summed_tex(factor: Any) -> str:
    """A factor and the sign for the sum over the examples, in TeX."""
    from generator.solver.sample_sums import tex

    front = {"1": "", "-1": "-"}.get(str(factor)) or f"{tex(factor)} "
    return rf"{'' if factor == 1 else front}\sum_{{i=1}}^{{n}}"


@lru_cache(maxsize=16)
def symbolic_steps(letter: Letter, reduction: Reduction) -> Mapping[str, Any]:
    """The loss, its gradient, and the steps of the derivations, made with SymPy once per notation.

    In sums ``x(i)`` and ``y(i)`` stand for the i-th example, ``p(i)`` for the probability that the model gives it, and
    ``z(i)`` for its predictor; ``short`` forms have these abbreviations. Other steps are those of a single example.
    """
    import sympy

    from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE

    parameters = sympy.symbols(f"{letter}_0 {letter}_1")
    p_i, y_i, x_i = sympy.symbols("p_i y_i x_i")
    p, y, z = (sympy.Function(name)(INDEX) for name in "pyz")
    share = 1 / SIZE if reduction == "mean" else sympy.Integer(1)
    predictor = parameters[0] + parameters[1] * OBSERVATION
    written = {p: 1 / (1 + sympy.exp(-predictor))}
    chain = logistic.cross_entropy_steps(p_i, y_i)
    short = {p_i: p, y_i: y}
    logs = tuple(term.subs(short) for term in chain["logs"])
    error = chain["error"].subs(short)
    slopes = tuple(predictor.diff(parameter) for parameter in parameters)
    gradient = tuple(Reduced(share, (error * slope,)) for slope in slopes)
    return {
        "predictor": predictor,
        "likelihood": p_i**y_i * (1 - p_i) ** (1 - y_i),
        "short_loss": Reduced(-share, logs),
        "loss": Reduced(-share, logs).at(written),
        "other_loss": Reduced(share, (sympy.log(1 + sympy.exp(z)), -y * z)),
        "wrong_losses": (Reduced(share, logs), Reduced(-share, logs[:1])),
        "slopes": slopes,
        "short_gradient": gradient,
        "gradient": tuple(entry.at(written) for entry in gradient),
        "wrong_gradients": (
            tuple(Reduced(share, (sympy.factor(-error) * slope,)) for slope in slopes),
            (gradient[0], gradient[0]),
        ),
        "curve": _curve_steps(*parameters),
        "chain": chain,
        "convexity": _convexity_steps(share, chain, x_i),
    }


def _curve_steps(intercept: Any, slope: Any) -> Mapping[str, Any]:
    """Where the curve is 1/2, its slope anywhere as two factors and there; how raising the intercept moves it."""
    import sympy

    x, p, rise = sympy.symbols("x p delta")
    predictor = intercept + slope * x
    outer, inner = logistic.cross_entropy_steps(p, sympy.Symbol("y"))["inner"], predictor.diff(x)
    (crossing,) = sympy.solve(predictor, x)
    return {
        "predictor": predictor,
        "crossing": crossing,
        "outer": outer,
        "inner": inner,
        "start": predictor.subs(x, 0),
        "shift": sympy.expand(crossing.subs(intercept, intercept + rise) - crossing),
        "steepest": (outer * inner).subs(p, sympy.Rational(1, 2)),
    }


def _convexity_steps(share: Any, chain: Mapping[str, Any], x: Any) -> Mapping[str, Any]:
    """The Hessian of one example and its quadratic form, multiplied out (in the order of print) and as a square."""
    import sympy

    p = next(iter(chain["inner"].free_symbols))
    v = sympy.Matrix(sympy.symbols("v_0 v_1"))
    direction = sympy.Matrix([1, x])
    form = sympy.expand((v.T * direction)[0] ** 2)
    return {
        "share": share,
        "slopes": tuple(chain["inner"] * entry for entry in direction),
        "weight": chain["error"].diff(p) * chain["inner"],
        "outer_product": tuple(map(tuple, (direction * direction.T).tolist())),
        "form": tuple(sorted(form.args, key=lambda term: sympy.degree(term, v[1]))),
        "square": (v.T * direction)[0] ** 2,
    }


@lru_cache(maxsize=16)
def shown(letter: Letter, reduction: Reduction) -> Mapping[str, Any]:
    """The steps in TeX."""
    from generator.solver.sample_sums import OBSERVATION, sum_tex, tex

    steps = symbolic_steps(letter, reduction)
    convexity = steps["convexity"]
    return {
        "predictor": tex(steps["predictor"]),
        "likelihood": tex(steps["likelihood"]),
        **{name: steps[name].tex for name in ("short_loss", "loss", "other_loss")},
        "slopes": tuple(map(tex, steps["slopes"])),
        "gradient": gradient_tex(letter, steps["short_gradient"]),
        "curve": {name: tex(step) for name, step in steps["curve"].items()},
        "chain": logistic.steps_tex(steps["chain"]),
        "hessian": rf"{summed_tex(convexity['share'])} {tex(convexity['weight'])}",
        # As the i-th input, x stands behind the brackets.
        "probability_slopes": tuple(tex(slope.subs("x_i", OBSERVATION)) for slope in convexity["slopes"]),
        "outer_product": matrix_tex(tuple(tuple(map(tex, row)) for row in convexity["outer_product"])),
        "form": sum_tex(convexity["form"]),
        "square": tex(convexity["square"]),
    }


def gradient_tex(letter: Letter, gradient: tuple[Reduced, ...]) -> str:
    """The derivatives of the loss with their names, in TeX."""
    named = zip(names(letter), gradient, strict=True)
    return r", \qquad ".join(rf"\frac{{\partial L}}{{\partial {name}}} = {entry.tex}" for name, entry in named)


@lru_cache(maxsize=64)
def per_example(expression: Any, letter: Letter) -> Callable[..., Any]:
    """A reduced expression as a function of intercept, slope, an array of inputs, of labels, and their number."""
    import sympy

    arguments = sympy.symbols(f"{letter}_0 {letter}_1 x_i y_i n")
    i = sympy.Symbol("i")
    # A sum over anything but the whole sample is not a number, which agrees with nothing.
    whole = sympy.Tuple(i, 1, sympy.Symbol("n"))
    body = expression.replace(sympy.Sum, lambda term, limits: term if limits == whole else sympy.nan)
    body = body.subs({sympy.Function("x")(i): arguments[2], sympy.Function("y")(i): arguments[3]})
    compiled: Callable[..., Any] = sympy.lambdify(arguments, body, "numpy")
    return compiled
