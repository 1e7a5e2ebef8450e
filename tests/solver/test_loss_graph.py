from __future__ import annotations

from typing import Any, get_args

import pytest
import sympy

from generator.solver.loss_graph import LossGraph, huber_rule, loss_graph
from generator.solver.sample_loss import LossName, sample_loss

CASES = [(loss, large) for loss in get_args(LossName) for large in ((False, True) if loss == "huber" else (False,))]
every_case = pytest.mark.parametrize(("loss", "large"), CASES)
W, ENTRY, RATE, H = 0.7, 1.9, 0.3, 1e-6


def target(loss: LossName, large: bool) -> float:
    """An output whose residual lies on the wanted side of the threshold, or a label."""
    if loss == "logistic":
        return -1.0
    return W * ENTRY + (-4.3 if large else 1.3)


def number(expression: Any, values: dict[str, float]) -> float:
    named = {sympy.Symbol(name): value for name, value in values.items()}
    return float(sympy.sympify(expression).xreplace(named))


def forward(graph: LossGraph, z: float, y: float) -> dict[str, float]:
    """The values of all steps for a prediction."""
    values = {"y": y, "z": z}
    for step in graph.steps:
        values[step.name] = number(step.formula.meaning, values)
    return values


def direct(loss: LossName, w: float, y: float) -> float:
    """The loss of one weight and one input, from its definition; the constant 1 has weight 0."""
    return float(sample_loss(loss, (w, 0), (ENTRY,), y))


@every_case
def test_the_steps_lead_to_the_loss(loss: LossName, large: bool) -> None:
    graph, y = loss_graph(loss, large), target(loss, large)
    expected = direct(loss, W, y)
    assert forward(graph, W * ENTRY, y)["L"] == pytest.approx(expected)
    assert number(graph.loss.meaning, {"y": y, r"w^\top \bar{x}": W * ENTRY}) == pytest.approx(expected)


@every_case
def test_every_derivative_is_that_of_its_step(loss: LossName, large: bool) -> None:
    graph, y = loss_graph(loss, large), target(loss, large)
    values = forward(graph, W * ENTRY, y)
    for step in graph.steps:
        here = {**values, step.before: values[step.before] + H}
        there = {**values, step.before: values[step.before] - H}
        slope = (number(step.formula.meaning, here) - number(step.formula.meaning, there)) / (2 * H)
        assert number(step.derivative.meaning, values) == pytest.approx(slope, abs=1e-6)


@every_case
def test_every_form_of_the_gradient_is_the_slope_of_the_loss(loss: LossName, large: bool) -> None:
    graph, y = loss_graph(loss, large), target(loss, large)
    slope = (direct(loss, W + H, y) - direct(loss, W - H, y)) / (2 * H)
    values = forward(graph, W * ENTRY, y) | {"xbar": ENTRY, "w": W, "alpha": RATE}
    for form in graph.gradient:
        assert number(form.meaning, values) == pytest.approx(slope, abs=1e-6)
    assert number(graph.updated.meaning, values) == pytest.approx(W - RATE * slope, abs=1e-6)


def test_hubers_rules_meet_at_the_threshold_with_one_slope() -> None:
    r = sympy.Symbol("r", positive=True)
    small, large = (huber_rule(side).meaning.subs("r", r) for side in (False, True))
    assert small.subs(r, 2) == large.subs(r, 2) == 2
    assert sympy.diff(small, r).subs(r, 2) == sympy.diff(large, r).subs(r, 2) == 2


def test_graphs_read_as_in_a_textbook() -> None:
    logistic = loss_graph("logistic")
    assert logistic.loss.tex == r"\ln(1 + e^{-y w^\top \bar{x}})"
    assert [(step.name, step.formula.tex, step.derivative.tex) for step in logistic.steps] == [
        ("m", "y z", "y"),
        ("p", "e^{-m}", "-p"),
        ("s", "1 + p", "1"),
        ("L", r"\ln s", r"\frac{1}{s}"),
    ]
    assert logistic.gradient[-1].tex == r"-\frac{y}{1 + e^{y z}} \bar{x}"
    assert loss_graph("absolute").updated.tex == r"w + \alpha \operatorname{sign}(y - z) \bar{x}"
    assert loss_graph("huber", True).loss.tex == r"2 \left|y - w^\top \bar{x}\right| - 2"
