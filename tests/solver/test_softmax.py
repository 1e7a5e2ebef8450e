from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import sympy

from generator.solver.softmax import cross_entropy_derivative, named, softmax_derivative
from generator.solver.written import Derivation, evaluated

LOGITS = (0.7, -0.2, 0.4)


def values(i: int, j: int, logit: str, probability: str, names: tuple[str, str] = ("i", "j")) -> dict[str, Any]:
    """Numbers for all letters of a derivation, the indices counted from 1."""
    powers = [float(sympy.exp(value)) for value in LOGITS]
    p = tuple(power / sum(powers) for power in powers)
    found: dict[str, Any] = {"K": 3, "S": sum(powers), "Z": sum(powers), logit: LOGITS, probability: p}
    for name, n in zip(names, (i, j), strict=True):
        found |= {name: n, f"{logit}_{name}": LOGITS[n - 1], f"{probability}_{name}": p[n - 1]}
    return found


def slope(i: int, j: int) -> float:
    """The derivative of p_i by s_j, by SymPy from the definition."""
    s = sympy.symbols("s1:4")
    p = sympy.exp(s[i - 1]) / sum(map(sympy.exp, s))
    return float(p.diff(s[j - 1]).subs(dict(zip(s, LOGITS, strict=True))))


@pytest.mark.parametrize(("logit", "probability"), [("s", "p"), ("z", "q"), ("a", "y")])
@pytest.mark.parametrize("names", [("i", "j"), ("j", "i")])
@pytest.mark.parametrize(("i", "j"), [(1, 1), (1, 2), (3, 2), (3, 3)])
def test_every_form_is_the_derivative(logit: str, probability: str, names: tuple[str, str], i: int, j: int) -> None:
    known = softmax_derivative(logit, probability, "S", *names)
    numbers = values(i, j, logit, probability, names)
    case = known.equal if i == j else known.different
    for form in (*case.forms, known.combined, named(case.result), named(known.combined)):
        assert evaluated(form, numbers) == pytest.approx(slope(i, j))
    assert evaluated(known.definition, numbers) == pytest.approx(numbers[probability][i - 1])
    assert evaluated(known.share, numbers) == pytest.approx(numbers[probability][i - 1])
    assert [evaluated(form, numbers) for form in known.row.forms] == pytest.approx([0] * 4)


def test_the_letters_of_an_exercise_are_printed() -> None:
    known = softmax_derivative("z", "q", "S")
    assert known.equal.tex == (
        r"\frac{\partial q_{i}}{\partial z_{i}} = \frac{e^{z_{i}} S - e^{z_{i}} e^{z_{i}}}{S^{2}}"
        r" = \frac{e^{z_{i}}}{S} \left(1 - \frac{e^{z_{i}}}{S}\right) = q_{i} (1 - q_{i})"
    )
    assert str(known.combined.doit()) == "q_i*(-q_j + KroneckerDelta(i, j))"


def network() -> tuple[dict[str, Any], sympy.Expr, dict[str, Any]]:
    """Numbers for a linear layer, softmax and cross-entropy; the loss in symbols; values of these symbols."""
    x, t, W = (1.5, -0.5), (0.2, 0.7, 0.1), ((0.3, -0.4, 1.0), (0.6, 0.1, -0.8))
    weights = [[sympy.Symbol(f"w{i}{j}") for j in range(3)] for i in range(2)]
    s = [sum(weights[i][j] * x[i] for i in range(2)) for j in range(3)]
    p = [sympy.exp(s[j]) / sum(map(sympy.exp, s)) for j in range(3)]
    loss = -sum(target * sympy.log(likely) for target, likely in zip(t, p, strict=True))
    at = {weights[i][j]: W[i][j] for i in range(2) for j in range(3)}
    numbers = {"N": 2, "K": 3, "x": x, "t": t, "w": W}
    numbers |= {"s": tuple(float(v.subs(at)) for v in s), "p": tuple(float(v.subs(at)) for v in p)}
    return numbers, loss, at


@pytest.mark.parametrize(("i", "j"), [(1, 1), (1, 3), (2, 2)])
def test_the_gradient_of_the_cross_entropy_form_by_form(i: int, j: int) -> None:
    known = cross_entropy_derivative()
    numbers, loss, at = network()
    numbers |= {"i": i, "j": j}
    by_weight = float(loss.diff(sympy.Symbol(f"w{i - 1}{j - 1}")).subs(at))
    p_j, t_j, x_i = numbers["p"][j - 1], numbers["t"][j - 1], numbers["x"][i - 1]
    assert [evaluated(form, numbers) for form in known.by_weight.forms] == pytest.approx([by_weight] * 2)
    assert [evaluated(form, numbers) for form in known.by_logit.forms] == pytest.approx([by_weight / x_i] * 3)
    assert [evaluated(form, numbers) for form in known.by_output.forms] == pytest.approx([-t_j / p_j])
    assert evaluated(known.logit, numbers) == pytest.approx(numbers["s"][j - 1])
    assert evaluated(known.loss, numbers) == pytest.approx(float(loss.subs(at)))


def test_a_wrong_sign_would_be_noticed() -> None:
    known = cross_entropy_derivative()
    numbers = network()[0] | {"i": 1, "j": 2}
    wrong = Derivation("", (*known.by_logit.forms, -known.by_logit.result))
    found = [evaluated(form, numbers) for form in wrong.forms]
    assert [a == pytest.approx(b) for a, b in pairwise(found)] == [True, True, False]


def test_answers_have_a_symbol_for_each_member() -> None:
    known = cross_entropy_derivative()
    assert str(named(known.by_weight.result)) == "x_i*(p_j - t_j)"
    assert str(named(known.by_output.result)) == "-t_j/p_j"
