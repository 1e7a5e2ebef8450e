from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.differentiation.softmax_derivative import (
    SoftmaxDerivative,
    quotient_steps,
    symbolic_derivatives,
)


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("differentiation/softmax-derivative")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    everything = {"logits": [0, "log(2)", "log(5)"], "logit": "s", "probability": "p", **pins}
    return make_instance(kind, "1/1/q", "medium", everything)


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    # The probabilities are 1/8, 2/8, 5/8; all entries are over 64.
    jacobian = [[7, -2, -5], [-2, 12, -10], [-5, -10, 15]]
    assert instance.solution["b"].answer == tuple(tuple(Fraction(v, 64) for v in row) for row in jacobian)
    slips = {slip.name: slip.value for slip in instance.slips if slip.part == "b"}
    assert slips["$p_i(1 - p_i)$ used off the diagonal"][1] == (Fraction(12, 64),) * 3
    assert slips["sign of the mixed entries lost"][0] == (Fraction(7, 64), Fraction(2, 64), Fraction(5, 64))
    assert slips["mixed entries taken as 0"][2] == (0, 0, Fraction(15, 64))


def test_the_formula_is_the_derivative(kind: ExerciseType) -> None:
    answer = pinned(kind).solution["a"].answer
    s = sympy.symbols("s1:4")
    softmax = [sympy.exp(one) / sum(map(sympy.exp, s)) for one in s]
    i, j, p_i, p_j = sympy.symbols("i j p_i p_j")
    for row in range(3):
        for column in range(3):
            slope = softmax[row].diff(s[column])
            at = {p_i: softmax[row], p_j: softmax[column]}
            case = answer["equal" if row == column else "different"]
            assert sympy.simplify(slope - case.subs(at)) == 0
            assert sympy.simplify(slope - answer["combined"].subs({i: row, j: column}).subs(at)) == 0


def test_every_step_of_the_quotient_rule_equals_the_next() -> None:
    steps, answer = quotient_steps("s"), symbolic_derivatives("p")
    s_i, s_j, rest = sympy.symbols("s_i s_j rest", positive=True)
    e_i, e_j = sympy.Symbol("e^{s_i}"), sympy.Symbol("e^{s_j}")
    total = sympy.exp(s_i) + sympy.exp(s_j) + rest
    values = {e_i: sympy.exp(s_i), e_j: sympy.exp(s_j), sympy.Symbol("S"): total}
    p = sympy.exp(s_i) / total
    for case, direction in (("equal", s_i), ("different", s_j)):
        slope = p.diff(direction)
        assert sympy.simplify(steps[case].subs(values) - slope) == 0
        assert sympy.simplify(steps[f"{case}_split"].doit().subs(values) - slope) == 0
        named = {sympy.Symbol("p_i"): p, sympy.Symbol("p_j"): sympy.exp(s_j) / total}
        assert sympy.simplify(answer[case].subs(named) - slope) == 0


@pytest.mark.parametrize("level", LEVELS)
def test_jacobians_are_symmetric_with_rows_that_cancel(kind: ExerciseType, level: Level) -> None:
    for seed in range(60):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, jacobian = instance.exercise, instance.solution["b"].answer
        assert isinstance(q, SoftmaxDerivative)
        assert jacobian == tuple(zip(*jacobian, strict=True))
        assert all(sum(row) == 0 for row in jacobian)
        weights = [Fraction(str(sympy.exp(sympy.sympify(value)))) for value in instance.parameters["logits"]]
        chances = [value / sum(weights) for value in weights]
        assert [jacobian[k][k] for k in range(len(chances))] == [p - p * p for p in chances]
        assert len(q.logits) == {"easy": 2, "medium": 3, "hard": 4}[level]


def test_a_shift_of_all_logits_changes_nothing(kind: ExerciseType) -> None:
    shifted = pinned(kind, logits=["log(1/3)", "log(2/3)", "log(5/3)"])
    assert shifted.solution["b"].answer == pinned(kind).solution["b"].answer


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"logits": [1, "log(2)"]}, "logarithm of a fraction"),
        ({"logits": ["log(100000)", "log(2)"]}, "up to 1000"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        pinned(kind, **pins)


@pytest.mark.parametrize("pins", [{"logits": [0]}, {"logits": [0, "x"]}, {"logits": 3}, {"logit": "w"}])
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_equal_logits_may_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, logits=[0, 0])
    assert instance.solution["b"].answer == ((Fraction(1, 4), Fraction(-1, 4)), (Fraction(-1, 4), Fraction(1, 4)))
    assert "no two logits are equal" in instance.waived
