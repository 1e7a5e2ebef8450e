from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.regression.linear_regression_hessian import LinearRegressionHessian, symbolic_steps

REDUCTIONS = ("sum", "half the sum", "mean")


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/linear-regression-hessian")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", "easy", {"x": [1, -1, 2], "letter": "phi", "reduction": "sum", **pins})


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    # n = 3, sum 2, squares 6: twice [[3, 2], [2, 6]], whose eigenvalues are 7 and 2.
    assert instance.solution["d1"].answer == ((6, 4), (4, 12))
    right = {"trace": 18, "determinant": 56, r"\lambda_1": 14, r"\lambda_2": 4}
    assert instance.solution["d2"].answer == right
    slips = {(slip.part, slip.name): slip.value for slip in instance.slips}
    assert slips["d1", "factor 2 lost"] == ((3, 2), (2, 6))
    assert slips["d2", "products added in the determinant"] == {**right, "determinant": 88}
    assert slips["d2", "diagonal taken for the eigenvalues"] == {**right, r"\lambda_1": 12, r"\lambda_2": 6}


def test_roots_stay_exact(kind: ExerciseType) -> None:
    # n = 2, sum 1, squares 1: [[2, 1], [1, 1]] has the eigenvalues (3 ± sqrt 5)/2.
    answer = pinned(kind, x=[0, 1], reduction="half the sum").solution["d2"].answer
    assert sympy.simplify(answer[r"\lambda_1"] - (3 + sympy.sqrt(5)) / 2) == 0
    assert sympy.simplify(answer[r"\lambda_2"] - (3 - sympy.sqrt(5)) / 2) == 0
    assert answer["determinant"] == 1


@pytest.mark.parametrize("level", LEVELS)
def test_eigenvalues_solve_the_characteristic_equation(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, answer = instance.exercise, instance.solution["d2"].answer
        assert isinstance(q, LinearRegressionHessian)
        larger, smaller = answer[r"\lambda_1"], answer[r"\lambda_2"]
        assert sympy.simplify(larger + smaller - answer["trace"]) == 0
        assert sympy.simplify(sympy.expand(sympy.sympify(larger) * smaller) - answer["determinant"]) == 0
        assert float(larger) > float(smaller) > 0
        rational = all(isinstance(value, int | Fraction) for value in (larger, smaller))
        assert not (rational and level == "hard")
        # Lower levels have roots only beside a whole number: half the trace of the matrix of sums.
        assert level == "hard" or rational or (len(q.x) + sum(x * x for x in q.x)) % 2 == 0
        assert max(map(q.x.count, q.x)) <= 2


def test_instances_of_the_easy_level_are_many(kind: ExerciseType) -> None:
    assert len({make_instance(kind, f"{seed}/1/q", "easy").exercise for seed in range(300)}) >= 200


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_the_expressions_are_the_second_derivatives(kind: ExerciseType, reduction: str) -> None:
    steps = symbolic_steps("beta", reduction)
    xs, ys = sympy.symbols("x1:4"), sympy.symbols("y1:4")
    a, b = sympy.symbols("a b")
    share = {"sum": 1, "half the sum": sympy.Rational(1, 2), "mean": sympy.Rational(1, 3)}[reduction]
    loss = share * sum((a + b * x - y) ** 2 for x, y in zip(xs, ys, strict=True))
    hessian = sympy.hessian(loss, (a, b))
    x = sympy.Function("x")

    def on_three(expression: Any) -> Any:
        return sympy.sympify(expression).subs(sympy.Symbol("n"), 3).doit().subs({x(k): xs[k - 1] for k in (1, 2, 3)})

    shown = sympy.Matrix([[on_three(entry) for entry in row] for row in steps["hessian"]])
    assert (hessian - shown).expand() == sympy.zeros(2, 2)
    assert sympy.expand(on_three(steps["trace"]) - hessian.trace()) == 0
    assert sympy.expand(on_three(steps["determinant"]) - hessian.det()) == 0
    # The sum of squares about the mean, from which the proof reads off the sign.
    spread = {"sum": 12, "half the sum": 3, "mean": sympy.Rational(4, 3)}[reduction]
    mean = sum(xs) / 3
    assert sympy.expand(hessian.det() - spread * sum((value - mean) ** 2 for value in xs)) == 0
    entries = steps["entries"]
    e0, e1 = sympy.symbols("beta_0 beta_1")
    assert sympy.expand(entries["first"][0] - entries["example"].diff(e0)) == 0
    assert sympy.expand(entries["first"][1] - entries["example"].diff(e1)) == 0
    assert sympy.Matrix(entries["second"]) == sympy.hessian(entries["example"], (e0, e1))


def test_levels_differ_in_size(kind: ExerciseType) -> None:
    sizes = {}
    for level in LEVELS:
        exercises = [make_instance(kind, f"{seed}/1/q", level).exercise for seed in range(30)]
        sizes[level] = {len(q.x) for q in exercises if isinstance(q, LinearRegressionHessian)}
    assert sizes == {"easy": {3, 4}, "medium": {4, 5}, "hard": {4, 5, 6}}


@pytest.mark.parametrize("x", [[-1, 1], ["1/3", "1/3", 0], [100, 99, "199/2"], [0, 0, 0, 5]])
def test_unusual_inputs_are_solved(kind: ExerciseType, x: list[Any]) -> None:
    for reduction in REDUCTIONS:
        assert all(check.agreed for check in pinned(kind, x=x, reduction=reduction).checks)


def test_equal_inputs_are_refused(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="not all equal"):
        pinned(kind, x=[2, 2, 2])


@pytest.mark.parametrize("pins", [{"x": [1]}, {"x": [1, "a"]}, {"x": [1, 1000]}, {"reduction": "max"}, {"x": [[1, 2]]}])
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)
