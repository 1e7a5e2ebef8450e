"""The steps of an influence function as they are printed: the estimate wears a hat, the penalty comes last."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from generator.notation import Value
from generator.solver.influence import Estimator, steps
from generator.solver.likelihood import Terms


@lru_cache(maxsize=64)
def shown_steps(estimator: Estimator, parameter: str) -> Mapping[str, str]:
    """TeX of the symbolic steps; what belongs to the estimate wears a hat."""
    found = steps(estimator, parameter)
    return {
        "loss": _penalty_last(found.loss),
        "slope": _penalty_last(found.slope),
        "curvature": _penalty_last(found.curvature),
        "total_slope": wearing_hat(found.total_slope, parameter),
        "hessian": wearing_hat(found.hessian, parameter),
        "inverse_hessian": wearing_hat(1 / found.hessian, parameter),
        "slope_at_point": wearing_hat(found.slope_at_point, parameter),
        "influence": wearing_hat(found.influence, parameter),
    }


@lru_cache(maxsize=1024)
def wearing_hat(expression: Value, parameter: str) -> str:
    """TeX of an expression at the estimate; the observation k is written as the others are."""
    import sympy

    from generator.solver.formula_tex import tex

    k, theta = sympy.Symbol("k"), sympy.Symbol(parameter)
    shown = {sympy.Symbol(f"{name}_k"): sympy.Function(name)(k) for name in ("x", "y")}
    return _penalty_last(expression.xreplace({theta: sympy.Symbol(rf"\hat{{{tex(theta)}}}"), **shown}))


def _penalty_last(expression: Value) -> str:
    """TeX of an expression, the term of the penalty at the end of a sum without others."""
    import sympy

    from generator.solver.formula_tex import readable, tex

    if not expression.is_Add or expression.has(sympy.Sum):
        return tex(expression)
    return Terms(tuple(sorted(expression.args, key=lambda part: (part.has(sympy.Symbol("lamda")), readable(part))))).tex


@lru_cache(maxsize=1024)
def influence_of(estimator: Estimator, parameter: str, place: int) -> Value:
    """The influence of an observation, with a letter for the mean second derivative where that has a sum."""
    import sympy

    found = steps(estimator, parameter)
    influence = -found.slope_at_point / sympy.Symbol("H") if found.hessian.has(sympy.Sum) else found.influence
    return influence.xreplace({sympy.Symbol(f"{name}_k"): sympy.Function(name)(place) for name in ("x", "y")})
