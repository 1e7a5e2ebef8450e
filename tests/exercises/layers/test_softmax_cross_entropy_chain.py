from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("layers/softmax-cross-entropy-chain")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def test_assignment_2_of_the_seminar(kind: ExerciseType) -> None:
    solution = pinned(kind).solution
    expected = {
        "a": "-t_j/p_j",
        "b": "p_j*(KroneckerDelta(i, j) - p_i)",
        "d": "x_i*(p_j - t_j)",
    }
    for part, text in expected.items():
        assert sympy.simplify(solution[part].answer - sympy.sympify(text)) == 0
        assert sympy.sympify(str(solution[part].answer)) == solution[part].answer
    assert {name: str(value) for name, value in solution["c"].answer.items()} == {"ds_dx": "w_ij", "ds_dw": "x_i"}


def at(formula: sympy.Expr, **values: sympy.Expr) -> sympy.Expr:
    return formula.subs({sympy.Symbol(name): value for name, value in values.items()}, simultaneous=True)


@pytest.mark.parametrize(("inputs", "classes"), [(1, 2), (2, 3)])
def test_the_formulas_are_the_derivatives(kind: ExerciseType, inputs: int, classes: int) -> None:
    solution = pinned(kind).solution
    x = sympy.symbols(f"X:{inputs}")
    t = [sympy.Symbol(f"T{j}") for j in range(classes - 1)]
    t.append(1 - sum(t))
    W = [[sympy.Symbol(f"W{i}{j}", real=True) for j in range(classes)] for i in range(inputs)]
    q = sympy.symbols(f"q:{classes}", positive=True)
    loss = -sum(target * sympy.log(likely) for target, likely in zip(t, q, strict=True))
    for j in range(classes):
        assert sympy.simplify(sympy.diff(loss, q[j]) - at(solution["a"].answer, p_j=q[j], t_j=t[j])) == 0
    logits = [sum(W[i][j] * x[i] for i in range(inputs)) for j in range(classes)]
    s = sympy.symbols(f"s:{classes}", real=True)
    p = [sympy.exp(s[j]) / sum(map(sympy.exp, s)) for j in range(classes)]
    for i in range(classes):
        for j in range(classes):
            found = at(solution["b"].answer, p_i=p[i], p_j=p[j], i=sympy.Integer(i), j=sympy.Integer(j))
            assert sympy.simplify(sympy.diff(p[j], s[i]) - found) == 0
    likely = [share.subs(dict(zip(s, logits, strict=True))) for share in p]
    whole = loss.subs(dict(zip(q, likely, strict=True)))
    for i in range(inputs):
        for j in range(classes):
            found = at(solution["d"].answer, x_i=x[i], p_j=likely[j], t_j=t[j])
            assert sympy.simplify(sympy.diff(whole, W[i][j]) - found) == 0


def test_the_steps_of_the_softmax_derivative(kind: ExerciseType) -> None:
    u, v, rest = sympy.symbols("u v rest", positive=True)  # exponentials of two logits, and the sum of the others
    Z = u + v + rest
    p_u = u / Z
    # The displayed forms: equal indices, then different ones; d/ds is u d/du.
    assert sympy.simplify(u * sympy.diff(p_u, u) - (u * Z - u * u) / Z**2) == 0
    assert sympy.simplify((u * Z - u * u) / Z**2 - p_u * (1 - p_u)) == 0
    assert sympy.simplify(v * sympy.diff(p_u, v) - (0 * Z - u * v) / Z**2) == 0
    solution = word(pinned(kind)).parts[1].solution
    assert r"\frac{e^{s_j} Z - e^{s_j} e^{s_j}}{Z^2}" in solution
    assert r"\frac{0 \cdot Z - e^{s_j} e^{s_i}}{Z^2} = -p_j p_i" in solution


def test_a_small_classifier_by_hand(kind: ExerciseType) -> None:
    # The exponentials of the logits are 2 · 3 = 6, 2 / 2 = 1 and 1 · 3 = 3.
    W = [["log(2)", "log(2)", 0], ["log(3)", "-log(2)", "log(3)"]]
    instance = pinned(kind, x=[1, 1], W=W, target=3)
    p = (Fraction(6, 10), Fraction(1, 10), Fraction(3, 10))
    d = (Fraction(6, 10), Fraction(1, 10), Fraction(-7, 10))
    assert instance.solution["e"].answer == p
    assert instance.solution["f"].answer == (d, d)


def test_slips_of_a_small_classifier_by_hand(kind: ExerciseType) -> None:
    W = [["log(2)", 0], ["log(2)", "log(3)"]]
    instance = pinned(kind, "easy", x=[-1, 2], W=W, target=1)  # 4/2 = 2 against 9
    assert instance.solution["e"].answer == (Fraction(2, 11), Fraction(9, 11))
    part = Fraction(9, 11)
    assert instance.solution["f"].answer == ((part, -part), (-2 * part, 2 * part))
    assert {slip.name: slip.value for slip in instance.slips if slip.part == "f"} == {
        "target minus output": ((-part, part), (2 * part, -2 * part)),
        "input forgotten": ((-part, part), (-part, part)),
        "target forgotten": ((Fraction(-2, 11), -part), (Fraction(4, 11), 2 * part)),
        "rows and columns exchanged": ((part, -2 * part), (-part, 2 * part)),
    }


@pytest.mark.parametrize("level", LEVELS)
def test_draws_worked_out_again(kind: ExerciseType, level: Level) -> None:
    for number in range(40):
        instance = make_instance(kind, f"{number}/1/q", level)
        assert not instance.waived
        drawn = instance.parameters
        x, target = [int(value) for value in drawn["x"]], int(drawn["target"])
        columns = list(zip(*drawn["W"], strict=True))
        powers = []
        for column in columns:
            logit = sum(value * sympy.sympify(weight) for value, weight in zip(x, column, strict=True))
            powers.append(Fraction(str(sympy.simplify(sympy.exp(logit)))))
        p = tuple(power / sum(powers) for power in powers)
        assert instance.solution["e"].answer == p
        t = [int(j == target) for j in range(1, len(p) + 1)]
        expected = tuple(tuple(value * (p[j] - t[j]) for j in range(len(p))) for value in x)
        assert instance.solution["f"].answer == expected


@pytest.mark.parametrize(("level", "shape"), [("easy", (2, 2)), ("medium", (2, 3)), ("hard", (3, 4))])
def test_sizes_and_parts_are_fixed_by_the_level(kind: ExerciseType, level: Level, shape: tuple[int, int]) -> None:
    for number in range(20):
        instance = make_instance(kind, f"{number}/1/q", level)
        gradient = instance.solution["f"].answer
        assert (len(gradient), len(gradient[0])) == shape
        points = {part.id: part.points for part in instance.solution.parts}
        assert points == {"a": 2, "b": 3, "c": 2, "d": 3, "e": 3, "f": 3}
        word(instance)


def test_weights_that_are_no_logarithms_stay_exact(kind: ExerciseType) -> None:
    instance = pinned(kind, x=[1, 2], W=[[1, 0], ["1/2", "log(2)"]], target=2)
    first = instance.solution["e"].answer[0]
    assert sympy.simplify(first - sympy.exp(2) / (sympy.exp(2) + 4)) == 0
    assert "e^{" in word(instance).parts[4].solution


@pytest.mark.parametrize(
    ("pins", "error"),
    [
        ({"x": []}, PinError),
        ({"x": ["1/2", 1]}, PinError),
        ({"W": [["log(2)"], [1, 2]]}, PinError),
        ({"W": [[1, 2, 3, 4, 5, 6]]}, PinError),
        ({"W": [["__import__('os')"]]}, PinError),
        ({"W": [[1], [2]]}, ConditionError),
        ({"x": [1, 2, 3], "W": [[1, 2], [3, 4]]}, ConditionError),
        ({"x": [0, 0]}, ConditionError),
        ({"x": [20], "W": [[50, 1]], "target": 1}, ConditionError),
        ({"target": 0}, PinError),
        ({"target": 4}, ConditionError),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        pinned(kind, **pins)
