"""The parts of the classifier in symbols: answers, derivations, and what they give at made-up numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.exercise import Part, Space
from generator.notation import Value
from generator.solver.softmax import cross_entropy_derivative, named, softmax_derivative
from generator.solver.written import evaluated, partial_tex, written_tex

Array = NDArray[np.float64]
X, T = (1.5, -0.7), (0.2, 0.5, 0.3)
WEIGHTS = ((0.3, -0.4, 1.1), (0.2, 0.9, -0.6))
"""Made-up inputs, targets and weights, at which answers and derivations are compared with differences."""


@lru_cache(maxsize=1)
def formulas() -> Mapping[str, Value]:
    """The answers in symbols."""
    import sympy

    loss, shares = cross_entropy_derivative(), softmax_derivative("s", "p", "Z", "j", "i")
    return {
        "a": named(loss.by_output.result),
        "b": shares.combined.doit(),
        "weight": sympy.Symbol("w_ij"),
        "input": sympy.Symbol("x_i"),
        "d": named(loss.by_weight.result),
    }


@lru_cache(maxsize=1)
def stem() -> Mapping[str, str]:
    """The layers in TeX."""
    loss, shares = cross_entropy_derivative(), softmax_derivative("s", "p", "Z", "j", "i")
    return {
        "logit": written_tex(loss.logit),
        "probability": written_tex(shares.definition),
        "loss": written_tex(loss.loss),
    }


@lru_cache(maxsize=1)
def symbolic_parts() -> tuple[Part, ...]:
    """The parts in symbols, which are the same in every exercise of this type."""
    import sympy

    found, loss = formulas(), cross_entropy_derivative()
    shares = softmax_derivative("s", "p", "Z", "j", "i")
    s_j, x_i, w_ij, p_j, s_i = sympy.symbols("s_j x_i w_ij p_j s_i")
    names = {"ds_dx": partial_tex(s_j, x_i), "ds_dw": partial_tex(s_j, w_ij)}
    whole = written_tex(shares.combined)
    work = {
        "sum": written_tex(shares.sum),
        "share": written_tex(shares.share),
        "slope": written_tex(shares.slope),
        "equal": shares.equal.tex,
        "different": shares.different.tex,
    }
    return (
        Part("a", "expression", found["a"], 2, space=Space("lines", rows=3), tex=loss.by_output.tex),
        Part(
            "b",
            "expression",
            found["b"],
            3,
            work,
            Space("lines", rows=7),
            tex=f"{partial_tex(p_j, s_i)} = {shares.cases_tex} = {whole}",
        ),
        Part(
            "c",
            "table",
            {"ds_dx": found["weight"], "ds_dw": found["input"]},
            2,
            space=Space("boxes", rows=2, names=tuple(names.values())),
            names=names,
        ),
        Part(
            "d",
            "expression",
            found["d"],
            3,
            {"logit": loss.by_logit.tex, "weight": loss.by_weight.tex},
            Space("lines", rows=6),
        ),
    )


@lru_cache(maxsize=1)
def judged() -> tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...]:
    """What every form of the derivations gives at made-up numbers, and central differences of the layers in NumPy."""
    x, t, W, i, j = np.array(X), np.array(T), np.array(WEIGHTS), 0, 1
    s = W.T @ x
    p = softmax(s)
    numbers: dict[str, Any] = {"i": i + 1, "j": j + 1, "K": 3, "N": 2, "Z": float(np.exp(s).sum())}
    numbers |= {"s": tuple(s), "p": tuple(p), "t": tuple(t), "x": tuple(x), "w": tuple(map(tuple, W))}
    numbers |= {"s_i": s[i], "s_j": s[j], "p_i": p[i], "p_j": p[j]}
    loss, shares = cross_entropy_derivative(), softmax_derivative("s", "p", "Z", "j", "i")
    slopes = differences(softmax, s)
    of_weights = differences(lambda w: -(t * np.log(softmax(w.T @ x))).sum(), W)
    found: tuple[tuple[str, tuple[Value, ...], float], ...] = (
        ("a", loss.by_output.forms, differences(lambda q: -(t * np.log(q)).sum(), p)[j]),
        ("b", shares.equal.forms, slopes[j, j]),
        ("b", shares.different.forms, slopes[i, j]),
        ("b", (shares.definition, shares.share), p[j]),
        ("b", (shares.sum,), np.exp(s).sum()),
        ("b", (shares.slope,), np.exp(s[i])),
        ("d", loss.by_logit.forms, differences(lambda r: -(t * np.log(softmax(r))).sum(), s)[j]),
        ("d", loss.by_weight.forms, of_weights[i, j]),
        ("d", (loss.logit,), s[j]),
        ("d", (loss.loss,), -(t * np.log(p)).sum()),
    )
    return tuple(
        (part, tuple(evaluated(form, numbers) for form in forms), (float(slope),) * len(forms))
        for part, forms, slope in found
    )


@lru_cache(maxsize=1)
def slopes() -> Mapping[str, Array]:
    """What the answers in symbols must give at the made-up numbers, all entries of each, by differences."""
    x, t, W = np.array(X), np.array(T), np.array(WEIGHTS)
    K, s = len(T), W.T @ x
    return {
        "a": differences(lambda q: -(t * np.log(q)).sum(), softmax(s)),
        "b": differences(softmax, s),
        "ds_dx": differences(lambda u: W.T @ u, x),
        "ds_dw": differences(lambda w: w.T @ x, W)[:, range(K), range(K)],
        "d": differences(lambda w: -(t * np.log(softmax(w.T @ x))).sum(), W),
    }


@lru_cache(maxsize=32)
def entries_of(answer: Value, name: str) -> tuple[Any, ...]:
    """What an answer in symbols gives at the made-up numbers, in the form of the slopes of that name.

    Not-a-number where the answer has letters that the question of that name does not know.
    """
    import sympy

    x, t, W = np.array(X), np.array(T), np.array(WEIGHTS)
    p = softmax(W.T @ x)
    known: Mapping[str, Mapping[str, Array]] = {
        "a": {"p_j": p, "t_j": t},
        "b": {"p_i": p[:, None], "p_j": p[None, :], "same": np.eye(len(T))},
        "ds_dx": {"w_ij": W},
        "ds_dw": {"x_i": x[:, None]},
        "d": {"x_i": x[:, None], "p_j": p[None, :], "t_j": t[None, :]},
    }
    formula = answer.replace(sympy.KroneckerDelta, lambda *_: sympy.Symbol("same"))
    letters = sorted(formula.free_symbols, key=str)
    function = sympy.lambdify(letters, formula, "numpy")
    values = function(*(known[name].get(letter.name, np.nan) for letter in letters))
    # A formula without the index of the class holds for all of them.
    return tuple(np.broadcast_to(values, slopes()[name].shape).tolist())


def softmax(s: Array) -> Array:
    """The softmax in floating point."""
    powers = np.exp(s - s.max())
    return np.asarray(powers / powers.sum())


def differences(function: Callable[[Array], Any], at: Array) -> Array:
    """Central differences: the axes of the argument first, then those of the value."""
    step = 1e-5
    moves = step * np.eye(at.size).reshape(at.size, *at.shape)
    slopes = np.array([(function(at + move) - function(at - move)) / (2 * step) for move in moves])
    return slopes.reshape(*at.shape, *slopes.shape[1:])
