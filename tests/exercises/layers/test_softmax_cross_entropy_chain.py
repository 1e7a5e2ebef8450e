from __future__ import annotations

import math
from dataclasses import replace
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


def test_the_derivations_are_printed(kind: ExerciseType) -> None:
    parts = word(pinned(kind)).parts
    assert r"\frac{e^{s_{j}} Z - e^{s_{j}} e^{s_{j}}}{Z^{2}}" in parts[1].solution
    assert (
        r"\frac{0 \cdot Z - e^{s_{j}} e^{s_{i}}}{Z^{2}} = - \frac{e^{s_{j}}}{Z} \frac{e^{s_{i}}}{Z}"
        in parts[1].solution
    )
    # The box answers what is asked, the two cases.
    assert r"> $\frac{\partial p_{j}}{\partial s_{i}} = \begin{cases} p_{j} (1 - p_{j})" in parts[1].solution
    chain = (
        r"\sum_{k=1}^{K} \left(- \frac{t_{k}}{p_{k}}\right) p_{k} (\delta_{jk} - p_{j})"
        r" = - t_{j} + p_{j} \sum_{k=1}^{K} t_{k}"
    )
    assert chain in parts[3].solution


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


def half_up(value: float, places: int) -> float:
    unit = 10.0**-places
    return math.copysign(math.floor(abs(value) / unit + 0.5 + 1e-9), value) * unit


def worked(x: list[float], W: list[list[float]], target: int, places: int) -> tuple[list[float], list[list[float]]]:
    """The probabilities and the gradient as a student gets them who rounds at every step."""
    columns = list(zip(*W, strict=True))
    powers = [half_up(math.exp(math.fsum(w * v for w, v in zip(c, x, strict=True))), places) for c in columns]
    p = [half_up(power / half_up(sum(powers), places), places) for power in powers]
    d = [likely - (j + 1 == target) for j, likely in enumerate(p)]
    return [half_up(likely, 2) for likely in p], [[half_up(v * gap, 2) for gap in d] for v in x]


@pytest.mark.parametrize("level", LEVELS)
def test_decimals_are_worked_out_again(kind: ExerciseType, level: Level) -> None:
    for draw in range(6):
        instance = make_instance(kind, f"{draw}/1/q", level, {"style": "decimal"})
        drawn = instance.parameters
        x = [float(value) for value in drawn["x"]]
        W = [[float(sympy.sympify(entry)) for entry in row] for row in drawn["W"]]
        target = int(drawn["target"])
        powers = [math.exp(math.fsum(w * v for w, v in zip(c, x, strict=True))) for c in zip(*W, strict=True)]
        p = [power / sum(powers) for power in powers]
        exact = [v * (likely - (j + 1 == target)) for v in x for j, likely in enumerate(p)]
        for part, expected in ((instance.solution["e"], p), (instance.solution["f"], exact)):
            answer = part.answer if part.id == "e" else [entry for row in part.answer for entry in row]
            assert [float(value) for value in answer] == pytest.approx(expected, abs=1e-12)
            printed = [half_up(float(line.result), 2) for line in part.results]
            assert printed == pytest.approx([half_up(value, 2) for value in expected])
        for places in (2, 3, 4):
            found_p, found = worked(x, W, target, places)
            gaps = [abs(a - b) for a, b in zip(found_p, p, strict=True)]
            assert max(gaps) <= float(instance.solution["e"].tolerance) + 1e-9
            gaps = [abs(a - b) for a, b in zip([entry for row in found for entry in row], exact, strict=True)]
            assert max(gaps) <= float(instance.solution["f"].tolerance) + 1e-9
        words = word(instance)
        assert "round every intermediate result to four decimal places" in words.stem
        assert r"\ln\frac" not in words.stem


def test_a_decimal_classifier_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, "easy", x=[1, -2], W=[["0.5", "0.1"], ["0.2", "-0.3"]], target=2, style="decimal")
    # s = (0.1, 0.7), exponentials 1.1052 and 2.0138, Z = 3.1190, p = (0.3543, 0.6457)
    parts = word(instance).parts
    assert r"s_2 &= w_{12} \, x_1 + w_{22} \, x_2 = 0.1 \cdot 1 + (-0.3) \cdot (-2) = 0.7" in parts[4].solution
    assert r"\left(0.3543,\; 0.6457\right)^{\top} \approx \left(0.35,\; 0.65\right)^{\top}$" in parts[4].solution
    assert r"\begin{pmatrix} 0.35 & -0.35 \\ -0.71 & 0.71 \end{pmatrix}" in parts[5].solution


def test_styles_do_not_mix(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="decimal"):
        pinned(kind, x=[1, 2], W=[["log(2)", "0.1"], ["0.2", "0.3"]], target=1, style="decimal")


def refused(instance: Instance, part: str, **changed: Any) -> bool:
    """Whether the second route sees a solution with a changed part as wrong."""
    exercise, solution = instance.exercise, instance.solution
    assert all(check.agreed for check in exercise.check(solution))
    parts = tuple(replace(one, **changed) if one.id == part else one for one in solution.parts)
    return not all(check.agreed for check in exercise.check(replace(solution, parts=parts)))


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("a", "t_j/p_j"),
        ("a", "-1/p_j"),
        ("a", "-t_i/p_i"),
        ("b", "p_j*(KroneckerDelta(i, j) - p_j)"),
        # With two classes this one would be right.
        ("b", "p_i*(1 - p_i)*(2*KroneckerDelta(i, j) - 1)"),
        ("b", "-p_i*p_j"),
        ("d", "x_i*(t_j - p_j)"),
        ("d", "p_j - t_j"),
        ("d", "x_j*(p_j - t_j)"),
    ],
)
@pytest.mark.parametrize("level", ["easy", "hard"])
def test_a_wrong_formula_is_noticed(kind: ExerciseType, level: Level, part: str, wrong: str) -> None:
    assert refused(pinned(kind, level), part, answer=sympy.sympify(wrong))


def test_a_wrong_entry_of_the_table_is_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    right = instance.solution["c"].answer
    weight, value = right["ds_dx"], right["ds_dw"]
    for wrong in ({"ds_dx": value}, {"ds_dw": weight}, {"ds_dx": -weight}, {"ds_dw": value + 1}):
        assert refused(instance, "c", answer={**right, **wrong})
    assert refused(instance, "c", answer={"ds_dx": value, "ds_dw": weight})
    assert refused(instance, "c", answer={"ds_dx": weight})


def test_a_wrong_number_is_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    likely, gradient = (instance.solution[part].answer for part in "ef")
    for place in range(len(likely)):
        wrong = tuple(value + Fraction(n == place, 100) for n, value in enumerate(likely))
        assert refused(instance, "e", answer=wrong)
    for i, row in enumerate(gradient):
        for j, value in enumerate(row):
            changed = (*row[:j], value + Fraction(1, 100), *row[j + 1 :])
            assert refused(instance, "f", answer=(*gradient[:i], changed, *gradient[i + 1 :]))


def test_a_wrong_worked_line_is_noticed(kind: ExerciseType) -> None:
    instance = pinned(kind)
    whole, *shares = instance.solution["e"].work["probabilities"]
    assert refused(instance, "e", work={**instance.solution["e"].work, "probabilities": (whole, *reversed(shares))})
    work = instance.solution["f"].work
    assert refused(instance, "f", work={**work, "row": tuple(-gap for gap in work["row"])})
