"""The gradient of logistic regression's loss for one example and the update of a weight, in symbols."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.solver import logistic


@lru_cache(maxsize=1)
def symbolic_steps() -> Mapping[str, Any]:
    """The derivative of the loss by the chain rule, and the update; ``turned`` is the derivative with its signs turned.

    ``factor`` is the derivative of the predictor, the third factor of the chain.
    """
    import sympy

    h, y, x_j, w_j, eta = sympy.symbols("h y x_j w_j eta")
    steps = logistic.cross_entropy_steps(h, y)
    derivative = steps["error"] * x_j
    return {
        **steps,
        "factor": (w_j * x_j).diff(w_j),
        "derivative": derivative,
        "turned": -x_j * (-steps["error"]),
        "update": w_j - eta * derivative,
    }


@lru_cache(maxsize=1)
def wrong_expressions() -> Mapping[str, Mapping[str, Any]]:
    """What the slips make of the derivative (a) and of the update (b)."""
    import sympy

    h, y, w_j, eta = sympy.symbols("h y w_j eta")
    derivative = symbolic_steps()["derivative"]
    return {
        "a": {
            "wrong sign": -derivative,
            "factor $x_j$ forgotten": h - y,
            "derivative of the sigmoid kept": derivative * h * (1 - h),
        },
        "b": {"step uphill": w_j + eta * derivative, "step size forgotten": w_j - derivative},
    }


@lru_cache(maxsize=1)
def shown() -> Mapping[str, str]:
    """The steps in TeX; the results with h(x) in place of its abbreviation h."""
    from generator.solver.sample_sums import tex

    steps = symbolic_steps()
    results = {name: in_full(steps[name]) for name in ("derivative", "turned", "update")}
    full_loss = {"loss": logistic.steps_tex({"logs": tuple(_full(term) for term in steps["logs"])})["loss"]}
    return {**logistic.steps_tex(steps), "factor": tex(steps["factor"]), **full_loss, **results}


def in_full(expression: Any) -> str:
    """TeX of an expression in h(x), with the input behind the brackets."""
    from generator.solver.sample_sums import tex

    return tex(_full(expression))


def _full(expression: Any) -> Any:
    import sympy

    return expression.subs({"h": sympy.Symbol(r"h(\mathbf{x})"), "x_j": sympy.Function("x")(sympy.Symbol("j"))})


def update_tex(expression: Any) -> str:
    """TeX of an update of the weight w_j to an expression."""
    return rf"w_j \leftarrow {in_full(expression)}"
